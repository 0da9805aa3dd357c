import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../../shared/engine-status';
import { createAttentionPolicy } from './attention-policy';

const WELL = {
  listen: { kind: 'listening', url: 'http://127.0.0.1:3000', port: 3000 },
  origin: 'https://api.example.com',
  originHealth: { state: 'ok', since: 0, message: null },
  store: { kind: 'redis', health: { state: 'ok', since: 0, message: null }, persistence: null },
} as unknown as EngineStatus;

const with_ = (change: object): EngineStatus => ({ ...WELL, ...change });
const DOWN = with_({ originHealth: { state: 'unreachable', since: 1, message: null } });

describe('attention policy', () => {
  it('has nothing to say while all is well, whatever goes through', () => {
    const policy = createAttentionPolicy();
    expect(policy.next(WELL)).toEqual([]);
    expect(policy.next(with_({ counters: { errors: 500 } }))).toEqual([]);
  });

  it('says once that the origin is unreachable, and again only after it was back', () => {
    const policy = createAttentionPolicy();
    expect(policy.next(DOWN)).toMatchObject([{ kind: 'origin', command: 'show-live' }]);
    expect(policy.next(DOWN)).toEqual([]);
    expect(policy.next(WELL)).toEqual([]);
    expect(policy.next(DOWN)).toHaveLength(1);
  });

  it.each([
    [
      'port',
      { listen: { kind: 'failed', error: { code: 'port_in_use', message: 'taken' }, freePort: 3001 } },
    ],
    ['store', { store: { ...WELL.store, health: { state: 'unavailable', since: 1, message: null } } }],
    ['disk', { store: { ...WELL.store, persistence: { state: 'failing', message: 'full' } } }],
  ])('says that it is about the %s', (kind, change) => {
    expect(createAttentionPolicy().next(with_(change))).toMatchObject([{ kind }]);
  });

  it('is silent about a proxy that a person stopped, and a store that connects', () => {
    const policy = createAttentionPolicy();
    const connecting = { ...WELL.store, health: { state: 'connecting', since: 1, message: null } };
    expect(policy.next(with_({ listen: { kind: 'stopped' }, store: connecting }))).toEqual([]);
  });
});
