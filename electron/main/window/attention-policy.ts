/**
 * What is worth a notification of the system: only what needs a person, once, and not again until it was well in
 * between. Pure: the status goes in, what is to be said comes out.
 */
import type { EngineStatus } from '../../../shared/engine-status';
import type { WindowCommand } from '../../../shared/window-commands';

export interface Attention {
  /** One of each kind at a time. */
  readonly kind: 'port' | 'origin' | 'store' | 'disk';
  readonly title: string;
  readonly body: string;
  /** Where the window opens when it is clicked. */
  readonly command: WindowCommand;
}

export interface AttentionPolicy {
  /** What has become bad with this status. */
  next(status: EngineStatus): readonly Attention[];
}

export function createAttentionPolicy(): AttentionPolicy {
  let before = new Set<string>();
  return {
    next: (status) => {
      const now = troubles(status);
      const fresh = now.filter(({ kind }) => !before.has(kind));
      before = new Set(now.map(({ kind }) => kind));
      return fresh;
    },
  };
}

function troubles({ listen, origin, originHealth, store }: EngineStatus): readonly Attention[] {
  const found: Attention[] = [];
  if (listen.kind === 'failed') {
    const body = listen.error.message;
    found.push({ kind: 'port', title: 'Larder is not listening', body, command: 'show-live' });
  }
  if (originHealth.state === 'unreachable') {
    const body = `${origin} cannot be reached. What is stored is still answered.`;
    found.push({ kind: 'origin', title: 'The origin is unreachable', body, command: 'show-live' });
  }
  if (store.health.state === 'unavailable') {
    const name = store.kind === 'redis' ? 'Redis' : 'The store';
    const body = 'Requests go to the origin meanwhile.';
    found.push({ kind: 'store', title: `${name} is unavailable`, body, command: 'show-settings' });
  }
  if (store.persistence?.state === 'failing') {
    const body = store.persistence.message ?? 'What is stored is not kept across restarts.';
    found.push({
      kind: 'disk',
      title: 'The disk refuses what Larder stores',
      body,
      command: 'show-settings',
    });
  }
  return found;
}
