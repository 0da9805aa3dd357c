/** Which dialog of the Cache place is open: one at a time. Free of React. */
import { createStore } from 'zustand/vanilla';

/** Something that cannot be undone, with its count. */
interface Confirmation {
  readonly kind: 'confirm';
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
}

/** A response whose TTL is edited. */
export interface TtlSubject {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: number;
}

export type CacheDialog =
  | { readonly kind: 'delete-matching'; readonly pattern: string }
  | { readonly kind: 'edit-ttl'; readonly entry: TtlSubject }
  | Confirmation;

export const cacheDialogs = createStore<{ readonly open: CacheDialog | null }>(() => ({ open: null }));

export function openCacheDialog(open: CacheDialog): void {
  cacheDialogs.setState({ open });
}

export function closeCacheDialog(): void {
  cacheDialogs.setState({ open: null });
}
