import { useEffect, useEffectEvent, useState } from 'react';
import type { IpcResult } from '../../shared/ipc-contract';

export type Answer<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly value: T }
  /** `again` asks once more. */
  | { readonly kind: 'failed'; readonly message: string; readonly again: () => void };

const WAITING = { kind: 'waiting' } as const;
/** Whoever walks quickly through the rows does not ask for each. */
const SETTLE_MS = 40;

interface Kept<T> {
  readonly key: string;
  readonly attempt: number;
  readonly result: IpcResult<T>;
}

/** What main answers for a key; asked again when the key changes, older answers thrown away. */
export function useAnswer<T>(key: string, question: () => Promise<IpcResult<T>>): Answer<T> {
  const [kept, setKept] = useState<Kept<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const askNow = useEffectEvent(question);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void askNow().then((result) => {
        if (current) setKept({ key, attempt, result });
      });
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key, attempt]);
  if (kept?.key !== key || kept.attempt !== attempt) return WAITING;
  if (kept.result.ok) return { kind: 'here', value: kept.result.value };
  return {
    kind: 'failed',
    message: kept.result.error.message,
    again: () => setAttempt((before) => before + 1),
  };
}
