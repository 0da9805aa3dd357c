import { useEffect, useState } from 'react';
import type { IpcResult } from '../../shared/ipc-contract';

export type Answer<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string };

const WAITING = { kind: 'waiting' } as const;
/** Whoever walks quickly through the rows does not ask for each. */
const SETTLE_MS = 40;

interface Kept<T> {
  readonly key: string;
  readonly answer: Answer<T>;
}

/** What main answers for a key; asked again when the key changes, older answers thrown away.
 *  @param question must be stable for a key */
export function useAnswer<T>(key: string, question: () => Promise<IpcResult<T>>): Answer<T> {
  const [kept, setKept] = useState<Kept<T> | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void question().then((result) => {
        if (!current) return;
        const answer: Answer<T> = result.ok
          ? { kind: 'here', value: result.value }
          : { kind: 'failed', message: result.error.message };
        setKept({ key, answer });
      });
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // The question belongs to the key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return kept?.key === key ? kept.answer : WAITING;
}
