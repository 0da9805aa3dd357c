/** Where the details lie: beside the grid, below it on narrow windows, over it on the narrowest. */
import { useSyncExternalStore } from 'react';

export type DetailsPlace = 'beside' | 'below' | 'over';

/** The same limits as in styles/details.css. */
const BELOW = '(max-width: 860px)';
const OVER = '(max-width: 700px)';

/** Follows the width of the window. */
export function useDetailsPlace(): DetailsPlace {
  return useSyncExternalStore(subscribe, currentPlace);
}

function currentPlace(): DetailsPlace {
  if (window.matchMedia(OVER).matches) return 'over';
  return window.matchMedia(BELOW).matches ? 'below' : 'beside';
}

function subscribe(changed: () => void): () => void {
  const queries = [window.matchMedia(BELOW), window.matchMedia(OVER)];
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
  };
}
