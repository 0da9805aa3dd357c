import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SendOptions } from './redis-connection';
import { RedisConnection } from './redis-connection';
import { redisTarget } from './redis-target';
import { RECOVERY, settings, withRedisServer } from './test/redis-under-test';

withRedisServer();

const WRITE: SendOptions = { lane: 'bulk' };
const BULKY: SendOptions = { lane: 'bulk', isAwaited: true, replyBytes: 1_000_000 };
const SMALL: SendOptions = {};

describe('pool of connections', () => {
  it('keeps small reads, bulky reads and writes apart, and gives each bulky read a connection of its own', async () => {
    const idsOf = await connectionsOf(4);
    const [small, other, bulky, second, write, next] = await idsOf([
      SMALL,
      SMALL,
      BULKY,
      BULKY,
      WRITE,
      WRITE,
    ]);
    expect(other).toBe(small);
    expect(next).toBe(write);
    expect(new Set([small, bulky, second, write]).size).toBe(4);
  });

  it('lets small reads go round a connection that owes much', async () => {
    const idsOf = await connectionsOf(3);
    const [large, small] = await idsOf([{ replyBytes: 100_000 }, SMALL]);
    expect(small).not.toBe(large);
  });

  it('sends bulky reads where writes go when there are two connections, and all over one when there is one', async () => {
    const two = await connectionsOf(2);
    const [small, bulky, write] = await two([SMALL, BULKY, WRITE]);
    expect(bulky).toBe(write);
    expect(small).not.toBe(write);
    const one = await connectionsOf(1);
    expect(new Set(await one([SMALL, BULKY, WRITE])).size).toBe(1);
  });
});

/** Which connection each command takes, all sent at once. */
async function connectionsOf(poolSize: number): Promise<(hows: readonly SendOptions[]) => Promise<number[]>> {
  const redis = settings({ poolSize });
  const connection = new RedisConnection({
    target: redisTarget(redis, null),
    settings: redis,
    now: () => 0,
    onBack: () => Promise.resolve(),
  });
  onTestFinished(() => connection.close());
  await vi.waitFor(() => expect(connection.health.isOk).toBe(true), RECOVERY);
  const send = (how: SendOptions) => connection.run((client) => client.client('ID'), how);
  const idsOf = (hows: readonly SendOptions[]) => Promise.all(hows.map(send));
  // Ready for commands is the pool when one for reads is; here all must be.
  await vi.waitFor(async () => {
    const ids = await idsOf([SMALL, WRITE, ...Array.from({ length: poolSize }, () => BULKY)]);
    expect(new Set(ids).size).toBe(poolSize);
  }, RECOVERY);
  return idsOf;
}
