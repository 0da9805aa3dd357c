/** The offer to undo a clear: a notice with a button, and Mod+Z, for as long as the engine keeps what was cleared. */
import { formatPlural } from '../../shared/format';
import { ask } from '../bridge/larder-api';
import { storedList } from '../cache/stored-responses';
import { engineStore } from '../state/engine-store';
import { offer, takeBack, tell, tellProblem } from './toasts';

const OFFER = 'undo-clear';
/** What the engine is asked to keep it for; its status says until when it really does. */
const UNDO_MS = 10_000;

let withdraw: () => void = () => undefined;

export function offerUndo(cleared: number): void {
  withdraw();
  const act = () => void undoClear();
  const timer = setTimeout(() => withdraw(), UNDO_MS);
  const stopFollowing = followUndo(() => withdraw());
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isUndoKey(event) || isTyping(event.target)) return;
    event.preventDefault();
    act();
  };
  window.addEventListener('keydown', onKeyDown);
  const end = () => {
    clearTimeout(timer);
    stopFollowing();
    window.removeEventListener('keydown', onKeyDown);
    withdraw = () => undefined;
  };
  withdraw = () => {
    end();
    takeBack(OFFER);
  };
  const title = `Cleared ${formatPlural(cleared, 'stored response')}`;
  const keys = navigator.userAgent.includes('Mac') ? '⌘Z' : 'Ctrl+Z';
  const description = `Undo within ten seconds, here or with ${keys}.`;
  offer({ id: OFFER, title, description, action: 'Undo', onAction: act }, end);
}

/** Puts back what the last clear keeps, and says how much that was. */
export async function undoClear(): Promise<void> {
  withdraw();
  const answer = await ask('cache.undo-clear', undefined);
  if (!answer.ok) tellProblem('The clear was not undone', answer.error.message);
  else if (answer.value.restored > 0)
    tell(`Put back ${formatPlural(answer.value.restored, 'stored response')}`);
  else tellProblem('Nothing was put back', 'What was cleared is no longer kept.');
  await storedList.reload();
}

/** Calls back when an undo that was possible no longer is: it ran out, or what was cleared has been pushed out. */
function followUndo(onOver: () => void): () => void {
  let seen = false;
  return engineStore.subscribe(({ status }) => {
    const undo = status?.store.undo ?? null;
    if (undo === null && seen) onOver();
    seen ||= undo !== null;
  });
}

function isUndoKey({ key, metaKey, ctrlKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'z' && (metaKey || ctrlKey) && !shiftKey && !altKey;
}

/** In a field, Mod+Z takes back what was typed. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
  );
}
