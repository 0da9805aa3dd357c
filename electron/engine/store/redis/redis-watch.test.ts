import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startRedisCluster } from './test/redis-cluster';
import type { RedisStore } from './redis-store';
import type { WatchListener } from './redis-watch';
import { RedisWatch } from './redis-watch';
import { choosingRelay } from './test/choosing-relay';
import { BUDGET, SOON, forgotten, hitAtOnce, keptNear, near, nearStore, warm } from './test/near-under-test';
import {
  hit,
  lookInto,
  ownServer,
  ready,
  server,
  settings,
  storeFor,
  withRedisServer,
} from './test/redis-under-test';
import { sampleAt, textBody } from '../test/sample-response';

withRedisServer();

const WATCH = '__redis__:invalidate';

describe('what is near, while Redis does not tell', () => {
  it('is not given any longer when the connection hangs, and nothing old is given when it goes on', async () => {
    const relay = await choosingRelay(server.port);
    const { store, redis } = await warm('/a', 'old', { port: relay.port });
    const other = await ready(storeFor({ ...redis, port: server.port }));
    await relay.hold(WATCH);
    await other.invalidate([sampleAt('/a').key]);
    await vi.waitFor(() => expect(hitAtOnce(store, '/a')).toBeNull(), SOON);
    await vi.waitFor(() => expect(store.stats().nearCache?.state).toBe('resting'), SOON);
    expect(await hit(store, '/a')).toBeNull();
    relay.release();
    await near(store);
    for (let turn = 0; turn < 100; turn += 1) expect(await hit(store, '/a')).toBeNull();
    await store.put(sampleAt('/a'), textBody('new'));
    await keptNear(store, '/a');
    expect(hitAtOnce(store, '/a')).toBe('new');
  });

  it('is dropped when the connection is killed, and kept anew when there is another', async () => {
    const own = await ownServer();
    const { store, redis } = await warm('/a', 'old', { port: own.port });
    const other = await ready(storeFor(redis));
    await lookInto(own.port).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    expect(await other.invalidate([sampleAt('/a').key])).toBe(1);
    await forgotten(store);
    expect(await hit(store, '/a')).toBeNull();
    await near(store);
    await store.put(sampleAt('/a'), textBody('new'));
    await keptNear(store, '/a');
    expect(hitAtOnce(store, '/a')).toBe('new');
  });

  it('is dropped when Redis is restarted', async () => {
    const own = await ownServer();
    const { store } = await warm('/a', 'old', { port: own.port });
    await own.restart();
    await near(store);
    expect(await hit(store, '/a')).toBeNull();
  });

  it('is not given while Redis is stopped, and is given again when it goes on', async () => {
    const own = await ownServer();
    const { store } = await warm('/a', 'old', { port: own.port });
    own.pause();
    await vi.waitFor(() => expect(hitAtOnce(store, '/a')).toBeNull(), SOON);
    own.resume();
    await keptNear(store, '/a');
  });
});

describe('what is near, of a Redis Cluster', () => {
  it('is told by every node, and so is the team, whatever node it speaks to', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.dispose());
    const redis = settings({ mode: 'cluster', nodes: [...cluster.nodes], nearCacheBytes: BUDGET });
    const store = await near(storeFor(redis) as RedisStore);
    const other = await ready(storeFor(redis));
    const heard: unknown[] = [];
    store.onInvalidated((keys) => heard.push(keys));
    const paths = Array.from({ length: 12 }, (_, index) => `/${index}`);
    for (const path of paths) {
      await store.put(sampleAt(path), textBody(path));
      await keptNear(store, path);
    }
    expect(await other.invalidate(paths.map((path) => sampleAt(path).key))).toBe(paths.length);
    await forgotten(store);
    for (const path of paths) expect(await hit(store, path)).toBeNull();
    await vi.waitFor(() => expect(heard).toHaveLength(paths.length), SOON);
  });
});

describe('a Redis that does not permit it', () => {
  it.each([
    ['CLIENT TRACKING', '-client|tracking', /CLIENT TRACKING.*near cache rests/],
    ['SUBSCRIBE', '-subscribe', /SUBSCRIBE.*near cache rests.*do not hear/],
    ['its channels', 'resetchannels', /SUBSCRIBE.*do not hear/],
  ])('works without %s, and says what is missing', async (_what, rule, message) => {
    const own = await ownServer();
    await lookInto(own.port).call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '&*', '+@all', rule);
    const store = storeFor(settings({ port: own.port, username: 'limited' }), { password: 'secret' });
    await ready(store);
    expect(store.health().message).toMatch(message);
    expect(store.stats().nearCache?.state).toBe('resting');
    await store.put(sampleAt('/a'), textBody('body'));
    for (let turn = 0; turn < 3; turn += 1) expect(await hit(store, '/a')).toBe('body');
    expect(await store.invalidate([sampleAt('/a').key])).toBe(1);
    expect(await hit(store, '/a')).toBeNull();
    expect(store.stats().nearCache).toMatchObject({ state: 'resting', entries: 0, bytes: 0 });
    expect(store.health()).toMatchObject({ state: 'ok' });
  });
});

describe('watch', () => {
  it('stops its heartbeat when nobody asks', async () => {
    const own = await ownServer();
    const { store } = await nearStore({ port: own.port });
    await hit(store, '/a');
    const look = lookInto(own.port);
    const pings = async () => /cmdstat_ping:calls=(\d+)/.exec(await look.info('commandstats'))?.[1] ?? '0';
    let last = await pings();
    await vi.waitFor(
      async () => {
        const before = last;
        last = await pings();
        expect(last).toBe(before);
      },
      { timeout: 10_000, interval: 300 },
    );
    const resting = Number(last);
    await vi.waitFor(async () => {
      await store.lookup(sampleAt('/a').key);
      expect(Number(await pings())).toBeGreaterThan(resting);
    }, SOON);
  });

  it('relies on what it was told only while every node tells', async () => {
    const [one, two] = [await ownServer(), await ownServer()];
    const { watch } = watchOf([one.port, two.port]);
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
    two.pause();
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(false), SOON);
    two.resume();
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
    await two.stop();
    await vi.waitFor(() => expect(watch.isTracking).toBe(false), SOON);
    expect(watch.isCurrent()).toBe(false);
  });

  it('tells of changes on every node, and that any may have changed when the nodes are others', async () => {
    const [one, two] = [await ownServer(), await ownServer()];
    const { watch, ports, nodesChanged, told } = watchOf([one.port]);
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
    ports.push(two.port);
    told.length = 0;
    nodesChanged();
    expect(told).toEqual([null]);
    expect(watch.isCurrent()).toBe(false);
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
    told.length = 0;
    await lookInto(one.port).set('p:one', 'x');
    await lookInto(two.port).set('p:two', 'x');
    await lookInto(two.port).set('other', 'x');
    await lookInto(one.port).flushall();
    await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining(['p:one', 'p:two', null])), SOON);
    expect(told).toHaveLength(3);
  });

  it('relies on nothing where there is no node', () => {
    const { watch } = watchOf([]);
    expect(watch.isCurrent()).toBe(false);
    expect(watch.isTracking).toBe(false);
  });

  it('relies on nothing that was told before this process was held up for longer than the lease', async () => {
    const { watch } = watchOf([server.port]);
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
    const until = performance.now() + 101;
    while (performance.now() < until);
    expect(watch.isCurrent()).toBe(false);
    await vi.waitFor(() => expect(watch.isCurrent()).toBe(true), SOON);
  });
});

/** Watches `p:` on servers on these ports. */
function watchOf(ports: number[]) {
  const told: (string | null)[] = [];
  const listeners = new Set<() => void>();
  const listener: WatchListener = {
    changed: (key) => void told.push(key),
    heard: () => undefined,
    missed: () => undefined,
  };
  const watch = new RedisWatch({
    nodes: {
      nodes: () => ports.map(String),
      dedicated: () =>
        ports.map(
          (port) =>
            new Redis({ port, host: '127.0.0.1', protocol: 2, lazyConnect: true, enableOfflineQueue: false }),
        ),
      onNodes: (each) => {
        listeners.add(each);
        return () => listeners.delete(each);
      },
    },
    trackedPrefix: 'p:',
    channel: 'changes',
    isTracking: true,
    listener,
  });
  onTestFinished(() => watch.close());
  return { watch, ports, told, nodesChanged: () => listeners.forEach((each) => each()) };
}
