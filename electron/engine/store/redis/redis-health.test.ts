import { describe, expect, it, vi } from 'vitest';
import type { StoreHealth } from '../../../../shared/engine-status';
import { HealthKeeper } from './redis-health';

function keeper(tellEveryMs?: number): { health: HealthKeeper; told: StoreHealth[]; stop: () => void } {
  let now = 0;
  const health = new HealthKeeper(() => (now += 1), 'connecting', tellEveryMs);
  const told: StoreHealth[] = [];
  const stop = health.onChange((change) => told.push(change));
  return { health, told, stop };
}

describe('health of the connection to redis', () => {
  it('changes at once, and since when goes with the state, not with the message', () => {
    const { health } = keeper();
    expect(health.current).toEqual({ state: 'connecting', since: 1, message: 'connecting' });
    health.set('ok', null);
    health.set('ok', 'full');
    expect(health.current).toEqual({ state: 'ok', since: 2, message: 'full' });
    expect(health.isOk).toBe(true);
  });

  it('is told at once, then once a second at most, and of many changes the last one', async () => {
    const { health, told } = keeper(50);
    for (const message of ['a', 'b', 'c', 'd']) health.set('unavailable', message);
    expect(told.map(({ message }) => message)).toEqual(['a']);
    await vi.waitFor(() => expect(told.map(({ message }) => message)).toEqual(['a', 'd']), {
      timeout: 15_000,
    });
    health.set('unavailable', 'd');
    expect(told).toHaveLength(2);
  });

  it('is not told again where it has changed back meanwhile', async () => {
    const { health, told, stop } = keeper(20);
    health.set('ok', null);
    health.set('ok', 'full');
    health.set('ok', null);
    // Its own pause ends after the first one's.
    const later = keeper(20);
    later.health.set('ok', null);
    later.health.set('ok', 'full');
    await vi.waitFor(() => expect(later.told).toHaveLength(2), { timeout: 15_000 });
    expect(told).toHaveLength(1);
    stop();
  });

  it('is told to no one who stopped listening, and to no one when it is over', async () => {
    const { health, told, stop } = keeper(20);
    const others: StoreHealth[] = [];
    health.onChange((change) => others.push(change));
    health.set('ok', null);
    health.set('ok', 'full');
    stop();
    await vi.waitFor(() => expect(others).toHaveLength(2), { timeout: 15_000 });
    expect(told).toHaveLength(1);
    health.close();
    health.set('unavailable', 'gone');
    expect(others).toHaveLength(2);
  });
});
