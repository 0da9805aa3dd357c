/** The window's own dialogs: loaded when they are first opened, and never two at a time. */
import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react';
import { useStore } from 'zustand';
import { dialogStore, type DialogName } from '../state/dialog-store';
import { windowStore } from '../state/window-store';

export interface OwnDialogProps {
  readonly open: boolean;
  /** To be called when it has gone from the screen. */
  readonly onClosed: () => void;
}

const loadPalette = () => import('../palette/palette-dialog');

/** Connect is opened from the places as well. */
type Shown = DialogName | 'connect';

const DIALOGS: Readonly<Record<Shown, ComponentType<OwnDialogProps>>> = {
  palette: lazy(async () => ({ default: (await loadPalette()).PaletteDialog })),
  compose: lazy(async () => ({ default: (await import('../compose/compose-dialog')).ComposeDialog })),
  connect: lazy(async () => ({ default: (await import('../live/connect-dialog')).ConnectDialog })),
  shortcuts: lazy(async () => ({ default: (await import('./shortcuts-dialog')).ShortcutsDialog })),
  about: lazy(async () => ({ default: (await import('./about-dialog')).AboutDialog })),
};

/** A dialog that was closed before it was loaded never says that it has gone. */
const LONGEST_CLOSING_MS = 300;

export function Dialogs() {
  const { shown, closing, onClosed } = useOneAtATime();
  // Whoever opens the palette types on at once: it is there before it is asked for.
  useEffect(() => {
    const idle = requestIdleCallback(() => void loadPalette());
    return () => cancelIdleCallback(idle);
  }, []);
  if (shown === null) return null;
  const View = DIALOGS[shown];
  return (
    <Suspense fallback={null}>
      <View open={!closing} onClosed={onClosed} />
    </Suspense>
  );
}

/** The next dialog opens when the one before has gone: two at once would hide each other from assistive technology. */
function useOneAtATime() {
  const own = useStore(dialogStore, (state) => state.open);
  const connect = useStore(windowStore, (state) => state.connectOpen);
  const wanted = own ?? (connect ? 'connect' : null);
  const [shown, setShown] = useState<Shown | null>(null);
  const closing = shown !== null && shown !== wanted;
  if (shown === null && wanted !== null) setShown(wanted);
  const onClosed = () => setShown(null);
  useEffect(() => {
    if (!closing) return undefined;
    const timer = setTimeout(() => setShown(null), LONGEST_CLOSING_MS);
    return () => clearTimeout(timer);
  }, [closing]);
  return { shown, closing, onClosed };
}
