import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { StoreHealth } from '../../../../shared/engine-status';
import { DEFAULT_SETTINGS } from '../../../../shared/settings';
import { prepareRedisServer } from './test/redis-server';
import type { ResponseStore } from '../response-store';
import {
  PASSWORD,
  RECOVERY,
  SHORT_MS,
  hit,
  listening,
  lookInto,
  ownServer,
  ready,
  relayTo,
  retried,
  server,
  settings,
  storeFor,
  withRedisServer,
} from './test/redis-under-test';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from '../test/sample-response';

withRedisServer();

describe('a redis that is not well', () => {
  it('is not there at first: lookups fail at once, and work when it comes', async () => {
    const own = await prepareRedisServer();
    onTestFinished(() => own.dispose());
    const store = storeFor(settings({ port: own.port }));
    const before = Buffer.from(store.keySecret());
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    await vi.waitFor(
      () => expect(store.health()).toMatchObject({ state: 'unavailable', since: SAMPLE_TIME }),
      RECOVERY,
    );
    expect(store.health().message).toContain(`Redis at 127.0.0.1:${own.port} refused the connection`);
    for (const call of everyCall(store))
      await expect(call()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0, budgetBytes: null });
    await own.start();
    await ready(store);
    expect(store.health().message).toBeNull();
    expect(Buffer.from(store.keySecret())).toEqual(before);
    expect(await store.put(sampleAt('/a'), textBody('a'))).toBe(true);
  });

  it('is killed and comes back: what is under way fails, then hits resume', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await own.stop();
    await vi.waitFor(() => expect(store.health().state).toBe('unavailable'), RECOVERY);
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    await own.start();
    await ready(store);
    await store.put(sampleAt('/a'), textBody('a'));
    expect(await store.lookup(sampleAt('/a').key)).toHaveLength(1);
  });

  it('is stopped by a signal: lookups fail while it still is, and work when it goes on', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port, commandTimeoutMs: SHORT_MS })));
    await retried(async () => store.put(sampleAt('/a'), textBody('a')));
    const [found = sampleAt('/a')] = await retried(async () => store.lookup(sampleAt('/a').key));
    own.pause();
    const calls = [
      store.lookup('k'),
      store.body(found),
      store.put(sampleAt('/b'), textBody('b')),
      store.list({}),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    }
    expect(store.health()).toMatchObject({
      state: 'unavailable',
      message: expect.stringContaining('did not answer') as string,
    });
    await expect(store.lookup('k')).rejects.toMatchObject({ code: 'store_unavailable' });
    own.resume();
    await ready(store);
    expect(await retried(() => hit(store, '/a'))).toBe('a');
  });

  it('is stuck: that is found out by a few times 80 ms unless told otherwise, and bulky commands do not wait for longer', async () => {
    const own = await ownServer();
    const { commandTimeoutMs } = DEFAULT_SETTINGS.redis;
    // So long may a bulky command of a Redis that answers take: longer than this test may.
    const redis = settings({ port: own.port, commandTimeoutMs, writeTimeoutMs: 600_000 });
    const store = await ready(storeFor(redis));
    own.pause();
    await expect(store.invalidate(['k'])).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('cannot be reached any more: connections are given up and made anew, and none is leaked', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(
      storeFor(settings({ port: relay.port, poolSize: 2, commandTimeoutMs: SHORT_MS })),
    );
    await retried(async () => store.put(sampleAt('/a'), textBody('a')));
    const [before, open] = [relay.accepted(), relay.open()];
    relay.hold();
    await expect(store.lookup(sampleAt('/a').key)).rejects.toMatchObject({ code: 'store_unavailable' });
    await vi.waitFor(() => expect(relay.accepted()).toBeGreaterThan(before + 2), RECOVERY);
    relay.release();
    await ready(store);
    // What was stored just before may have been taken back: others may have invalidated it unheard.
    await retried(async () => store.put(sampleAt('/a'), textBody('a')));
    for (let index = 0; index < 50; index += 1) {
      expect(await retried(() => hit(store, '/a'))).toBe('a');
      expect(await retried(() => hit(store, '/never'))).toBeNull();
    }
    await vi.waitFor(() => expect(relay.open()).toBe(open), RECOVERY);
    await store.close();
    await vi.waitFor(() => expect(relay.open()).toBe(0), RECOVERY);
  });

  it('is slow, but not too slow: everything works and no reply is mixed up', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(storeFor(settings({ port: relay.port })));
    const paths = Array.from({ length: 40 }, (_, index) => `/${index}`);
    await Promise.all(paths.map((path) => store.put(sampleAt(path), textBody(path))));
    relay.delayReplies(30);
    const told = listenTo(store);
    const bodies = paths.map(async (path) => {
      const [found] = await store.lookup(sampleAt(path).key);
      return found === undefined ? null : bodyText(await store.body(found));
    });
    expect(await Promise.all(bodies)).toEqual(paths);
    expect(told).toEqual([]);
  });

  it('answers too late: what was asked first is never given to who asks next', async () => {
    const relay = await relayTo(server.port);
    const store = await ready(
      storeFor(settings({ port: relay.port, poolSize: 2, commandTimeoutMs: SHORT_MS })),
    );
    for (const path of ['/a', '/b']) await retried(async () => store.put(sampleAt(path), textBody(path)));
    relay.delayReplies(5 * SHORT_MS);
    await expect(store.lookup(sampleAt('/a').key)).rejects.toMatchObject({ code: 'store_unavailable' });
    relay.delayReplies(0);
    await ready(store);
    for (let index = 0; index < 20; index += 1) expect(await retried(() => hit(store, '/b'))).toBe('/b');
  });

  it('makes up for invalidations that it missed before anyone reads from it', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port, commandTimeoutMs: SHORT_MS })));
    await retried(async () => store.put(sampleAt('/a'), textBody('old')));
    await retried(async () => store.put(sampleAt('/b'), textBody('kept')));
    own.pause();
    await expect(store.invalidate([sampleAt('/a').key])).rejects.toMatchObject({ code: 'store_unavailable' });
    own.resume();
    await ready(store);
    expect(await retried(() => hit(store, '/a'))).toBeNull();
    expect(await retried(() => hit(store, '/b'))).toBe('kept');
  });

  it('wants a password: says so, without a secret in any message', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    const store = storeFor(settings({ port: own.port }), { password: 'wr0ng-canary' });
    const told = listenTo(store);
    await vi.waitFor(
      () => expect(store.health().message).toContain('refused the user name or password'),
      RECOVERY,
    );
    const failure: unknown = await (store.lookup('k') as Promise<unknown>).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_unavailable' });
    expect(everythingIn(failure) + JSON.stringify(told)).not.toMatch(/canary|c4nary/);
    const without = storeFor(settings({ port: own.port }));
    await vi.waitFor(() => expect(without.health().message).toContain('wants a password'), RECOVERY);
  });

  it('takes the password beside the settings, or user and password in the URL', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    await ready(storeFor(settings({ port: own.port }), { password: PASSWORD }));
    const url = `redis://default:${encodeURIComponent(PASSWORD)}@127.0.0.1:${own.port}/2`;
    const store = await ready(storeFor(settings({ url, keyPrefix: 'in-two' })));
    await store.put(sampleAt('/a'), textBody('a'));
    const look = lookInto(own.port, PASSWORD);
    expect(await look.keys('in-two:*')).toEqual([]);
    await look.select(2);
    expect(await look.keys('in-two:v1:meta:*')).toHaveLength(1);
  });

  it('gets a new password while it is down: says so, without a secret', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port }), { password: null }));
    const look = lookInto(own.port);
    await look.config('SET', 'requirepass', PASSWORD);
    await look.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await vi.waitFor(() => expect(store.health().message).toContain('wants a password'), RECOVERY);
    expect(store.health().message).not.toContain(PASSWORD);
  });

  it('is full: reads go on, writes fail and its health says why until they work again', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await store.put(sampleAt('/a'), textBody('a'));
    const look = lookInto(own.port);
    await look.config('SET', 'maxmemory', '1');
    await expect(store.put(sampleAt('/b'), textBody('b'))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(store.health()).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('is full') as string,
    });
    const [found = sampleAt('/a')] = await store.lookup(sampleAt('/a').key);
    expect(bodyText(await store.body(found))).toBe('a');
    const late = await ready(storeFor(settings({ port: own.port })));
    expect(await late.lookup('k')).toEqual([]);
    await look.config('SET', 'maxmemory', '0');
    await vi.waitFor(async () => {
      expect(await store.put(sampleAt('/b'), textBody('b'))).toBe(true);
      expect(store.health().message).toBeNull();
    }, RECOVERY);
  });

  it('is a read-only replica: reads go on and writes fail', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    await lookInto(own.port).replicaof('127.0.0.1', server.port);
    await expect(store.put(sampleAt('/a'), textBody('a'))).rejects.toThrow('is a read-only replica');
    expect(store.health().state).toBe('ok');
  });

  it('is something else: an HTTP server, or a server that says nothing', async () => {
    const http = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const store = storeFor(settings({ port: http }));
    await vi.waitFor(() => expect(store.health().message).toContain('is not a Redis'), RECOVERY);
    const port = await listening(() => undefined);
    const silent = storeFor(settings({ port, commandTimeoutMs: SHORT_MS, connectTimeoutMs: SHORT_MS }));
    await vi.waitFor(() => expect(silent.health().message).toContain('did not answer in time'), RECOVERY);
    const closing = storeFor(settings({ port: await listening((socket) => socket.destroy()) }));
    await vi.waitFor(() => expect(closing.health().message).toMatch(/closed the connection/), RECOVERY);
  });

  it('does not go on when the store is closed', async () => {
    const store = await ready(storeFor(settings()));
    const told = listenTo(store);
    await store.close();
    await expect(store.lookup('k')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('closed') as string,
    });
    expect(told).toEqual([]);
  });

  it('tells who listens of each change, and no one who stopped listening', async () => {
    const own = await ownServer();
    const store = await ready(storeFor(settings({ port: own.port })));
    const told = listenTo(store);
    const untold: StoreHealth[] = [];
    store.onHealth((health) => untold.push(health))();
    await own.restart();
    await vi.waitFor(
      () => expect(told.map((health) => health.state)).toEqual(expect.arrayContaining(['unavailable', 'ok'])),
      RECOVERY,
    );
    expect(untold).toEqual([]);
  });
});

function everyCall(store: ResponseStore): (() => Promise<unknown>)[] {
  const stored = sampleAt('/a');
  return [
    async () => store.lookup('k'),
    async () => store.put(stored, textBody('a')),
    async () => store.freshen(stored),
    async () => store.invalidate(['k']),
    async () => store.clear(),
    async () => store.list({}),
    async () => store.entry('id'),
    async () => store.bodyOf('id'),
    async () => store.delete(['id']),
    async () => store.deleteMatching('*'),
  ];
}

function listenTo(store: ResponseStore): StoreHealth[] {
  const told: StoreHealth[] = [];
  store.onHealth((health) => told.push(health));
  return told;
}

/** All text that could be printed of an error. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return `${error.stack} ${JSON.stringify(error)} ${error.cause === undefined ? '' : everythingIn(error.cause)}`;
}
