/** The edge of the details: drags their width, or their height where they lie below; the arrow keys do the same. */
import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';
import type { DetailsPlace } from './details-place';

export const NARROWEST = 300;
export const LOWEST = 140;
const KEY_STEP = 24;
const FIRST_WIDTH = 400;
const FIRST_HEIGHT = 300;
/** Of the window. */
const LARGEST_SHARE = 0.62;

type Axis = Exclude<DetailsPlace, 'over'>;

const LARGER_KEYS: Readonly<Record<Axis, string>> = { beside: 'ArrowLeft', below: 'ArrowUp' };
const SMALLER_KEYS: Readonly<Record<Axis, string>> = { beside: 'ArrowRight', below: 'ArrowDown' };

function setSize(axis: Axis, wanted: number): void {
  const [least, most] = limits(axis);
  const size = Math.round(Math.max(least, Math.min(wanted, most)));
  windowStore.setState(axis === 'beside' ? { detailsWidth: size } : { detailsHeight: size });
}

function limits(axis: Axis): readonly [number, number] {
  const whole = axis === 'beside' ? window.innerWidth : window.innerHeight;
  const least = axis === 'beside' ? NARROWEST : LOWEST;
  return [least, Math.max(least, Math.round(whole * LARGEST_SHARE))];
}

export function ResizeHandle({ axis }: { readonly axis: Axis }) {
  const size = useStore(windowStore, (state) =>
    axis === 'beside' ? state.detailsWidth : state.detailsHeight,
  );
  const [least, most] = limits(axis);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const edge = handle.parentElement?.getBoundingClientRect();
    if (edge === undefined) return;
    setSize(axis, axis === 'beside' ? edge.right - event.clientX : edge.bottom - event.clientY);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = wantedSize(event.key, axis, size);
    if (wanted === null) return;
    event.preventDefault();
    setSize(axis, wanted);
  };
  return (
    <div
      role="separator"
      aria-orientation={axis === 'beside' ? 'vertical' : 'horizontal'}
      aria-label={axis === 'beside' ? 'Width of the details' : 'Height of the details'}
      aria-valuenow={Math.min(Math.max(size, least), most)}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuetext={`${size} pixels`}
      tabIndex={0}
      className="details-handle"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => setSize(axis, axis === 'beside' ? FIRST_WIDTH : FIRST_HEIGHT)}
    />
  );
}

/** Null: not a key of the handle. */
function wantedSize(key: string, axis: Axis, size: number): number | null {
  switch (key) {
    case LARGER_KEYS[axis]:
      return size + KEY_STEP;
    case SMALLER_KEYS[axis]:
      return size - KEY_STEP;
    case 'Home':
      return 0;
    case 'End':
      return Infinity;
    default:
      return null;
  }
}
