/** Shows the setting that somebody came for: scrolls to it, focuses it and marks it for a moment. */
import type { RefObject } from 'react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';

const MARKED_MS = 1600;
/** What is there while the field itself is not: Redis is not the store, memory is not. */
const INSTEAD: readonly (readonly [prefix: string, instead: string])[] = [
  ['redis.', 'store'],
  ['maxMemoryBytes', 'store'],
  ['maxDiskBytes', 'persist'],
  ['persist', 'store'],
];

export function useSettingsFocus(scrollRef: RefObject<HTMLElement | null>): void {
  const wanted = useStore(windowStore, (state) => state.settingsFocus);
  useEffect(() => {
    if (wanted === null || scrollRef.current === null) return undefined;
    const place = placeOf(scrollRef.current, wanted);
    // A section that opens for it is drawn with the next frame.
    const frame = requestAnimationFrame(() => {
      if (place() === null) return windowStore.setState({ settingsFocus: null });
      return show(place());
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, scrollRef]);
}

function placeOf(root: HTMLElement, wanted: string): () => HTMLElement | null {
  const find = (name: string) => root.querySelector<HTMLElement>(`[data-setting="${CSS.escape(name)}"]`);
  return () => {
    let name = wanted;
    for (const [prefix, instead] of INSTEAD)
      if (find(name) === null && name.startsWith(prefix)) name = instead;
    return find(name);
  };
}

function show(place: HTMLElement | null): void {
  windowStore.setState({ settingsFocus: null });
  if (place === null) return;
  place.scrollIntoView({ block: 'center' });
  const field =
    place.querySelector<HTMLElement>('input:checked') ??
    place.querySelector<HTMLElement>('input, textarea, select, button');
  field?.focus({ preventScroll: true });
  place.classList.add('setting-marked');
  setTimeout(() => place.classList.remove('setting-marked'), MARKED_MS);
}
