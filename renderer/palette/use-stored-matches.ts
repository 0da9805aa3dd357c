import { useEffect, useState } from 'react';
import type { StoredEntry } from '../../shared/stored-entry';
import { ask } from '../bridge/larder-api';

const MOST_USED_FIRST = { sort: 'hits', descending: true, offset: 0, limit: 6 } as const;
const SHORTEST_QUERY = 2;
const TYPING_MS = 120;
const NONE: readonly StoredEntry[] = [];

/** Stored responses whose URL holds what was typed, a moment after the typing. */
export function useStoredMatches(query: string): readonly StoredEntry[] {
  const [matches, setMatches] = useState(NONE);
  const wanted = query.trim();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      if (wanted.length < SHORTEST_QUERY) return setMatches(NONE);
      void ask('cache.page', { q: wanted, ...MOST_USED_FIRST }).then((answer) => {
        if (current) setMatches(answer.ok ? answer.value.entries : NONE);
      });
      return undefined;
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return matches;
}
