/** The engine's status for stories, in its ordinary state and in each that a banner tells of. */
import type { EngineStatus } from '../../shared/engine-status';
import type { AppInfo } from '../../shared/ipc-contract';
import { MEBIBYTE } from '../../shared/settings';
import { STORY_TIME } from './story-stage';

const WELL = { state: 'ok', since: STORY_TIME - 3_600_000, message: null } as const;

export const LISTENING: EngineStatus = {
  version: '0.1.0',
  listen: { kind: 'listening', url: 'http://localhost:3000', port: 3000 },
  origin: 'https://api.acme.dev',
  demo: false,
  policy: 'override',
  ttlSeconds: 300,
  store: {
    kind: 'memory',
    health: WELL,
    entries: 312,
    bytes: 86 * MEBIBYTE,
    budgetBytes: 256 * MEBIBYTE,
    bodyBytes: 141 * MEBIBYTE,
    storedBodyBytes: 82 * MEBIBYTE,
    persistence: { state: 'on', message: null, bytes: 83 * MEBIBYTE, budgetBytes: 1024 * MEBIBYTE },
    nearCache: null,
    undo: null,
  },
  originHealth: WELL,
  counters: {
    hits: 1117,
    fastHits: 0,
    misses: 167,
    stale: 18,
    passes: 26,
    errors: 8,
    savedMs: 372_000,
    savedBytes: 212 * MEBIBYTE,
    upstreamRequests: 175,
  },
  startedAt: STORY_TIME - 3_600_000,
  uptimeSeconds: 3600,
};

const NO_TRAFFIC = {
  hits: 0,
  fastHits: 0,
  misses: 0,
  stale: 0,
  passes: 0,
  errors: 0,
  savedMs: 0,
  savedBytes: 0,
  upstreamRequests: 0,
} as const;

export const FRESH: EngineStatus = {
  ...LISTENING,
  store: { ...LISTENING.store, entries: 0, bytes: 0, bodyBytes: 0, storedBodyBytes: 0 },
  counters: NO_TRAFFIC,
};

export const DEMO: EngineStatus = { ...FRESH, demo: true, origin: 'http://127.0.0.1:31300' };

export const PORT_TAKEN: EngineStatus = {
  ...FRESH,
  listen: {
    kind: 'failed',
    error: { code: 'port_in_use', message: 'Port 3000 is in use by another program; choose another port.' },
    freePort: 3001,
  },
};

/** Everything that can go wrong at once. */
export const TROUBLED: EngineStatus = {
  ...LISTENING,
  originHealth: {
    state: 'unreachable',
    since: STORY_TIME - 95_000,
    message: 'It does not resolve: api.acme.dev is unknown.',
  },
  store: {
    ...LISTENING.store,
    kind: 'redis',
    budgetBytes: null,
    persistence: null,
    nearCache: { state: 'resting', entries: 0, bytes: 0, budgetBytes: 32 * MEBIBYTE },
    health: {
      state: 'unavailable',
      since: STORY_TIME - 41_000,
      message: 'Redis at 127.0.0.1:6379 refused the connection. The next attempt is in 1 s.',
    },
  },
};

export const APP_INFO: AppInfo = {
  version: '0.1.0',
  platform: 'linux',
  electron: '45.4.1',
  headless: false,
  canStoreSecrets: true,
  hasRedisPassword: false,
  startNotices: [],
  overridden: {},
};
