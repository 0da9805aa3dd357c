/** The nearest stored response of a miss, and what differed, through real sockets. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Difference } from '../../../shared/nearest-stored';
import type { Settings } from '../../../shared/settings';
import type { ClientOptions } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { onRedisStore } from './each-store';
import type { Answer } from './recording-origin';

let larder: EngineUnderTest;
let fields: Record<string, string>;
const answer: Answer = (_request, response) => void response.writeHead(200, fields).end('body');

async function start(settings: Partial<Settings> = {}): Promise<void> {
  fields = {};
  larder = await startEngineUnderTest({ settings, answer });
}

/** Sends one, waits until it is logged, and asks what is nearest to it. */
async function nearestTo(target: string, options: ClientOptions = {}) {
  const before = larder.exchanges.length;
  await larder.get(target, options);
  await waitUntil(() => larder.exchanges.length > before);
  const id = larder.exchanges.at(-1)?.id ?? 0;
  return { id, nearest: await larder.engine.nearestStored(id) };
}

async function store(target: string, options: ClientOptions = {}): Promise<void> {
  const { entries } = larder.engine.status().store;
  await larder.get(target, options);
  await larder.stored(entries + 1);
  larder.clock.advance(1);
}

async function differencesTo(
  target: string,
  options: ClientOptions = {},
): Promise<readonly Difference[] | null> {
  return (await nearestTo(target, options)).nearest?.differences ?? null;
}

describe('the nearest stored response', () => {
  afterEach(() => larder.close());

  it('is the one with another query, with the parameter that differs', async () => {
    await start();
    await store('/products/1');
    await store('/products?page=1&locale=de');
    const { nearest } = await nearestTo('/products?page=2&locale=de');
    expect(nearest?.url).toBe(`${larder.origin.url}/products?page=1&locale=de`);
    expect(nearest?.differences).toEqual([{ kind: 'query', name: 'page', here: '2', there: '1' }]);
    const entry = await larder.engine.entry(nearest?.entryId ?? '');
    expect(entry?.url).toBe(nearest?.url);
  });

  it('is a variant of the same URL, with the field it varies by', async () => {
    await start();
    fields = { vary: 'accept-language' };
    await store('/a', { headers: { 'accept-language': 'en-US' } });
    expect(await differencesTo('/a', { headers: { 'Accept-Language': 'de' } })).toEqual([
      { kind: 'field', name: 'accept-language', here: 'de', there: 'en-us', secret: false },
    ]);
  });

  it('shows no credentials, in Vary or beside it', async () => {
    await start();
    await store('/me', { headers: { authorization: 'Bearer ada' } });
    expect(await differencesTo('/me', { headers: { authorization: 'Bearer bob' } })).toEqual([
      { kind: 'credentials' },
    ]);
    await larder.apply({ policy: 'respect' });
    fields = { vary: 'cookie', 'cache-control': 'max-age=60' };
    await store('/c', { headers: { cookie: 'sid=1' } });
    const differences = await differencesTo('/c', { headers: { cookie: 'sid=2' } });
    expect(differences).toEqual([{ kind: 'field', name: 'cookie', here: null, there: null, secret: true }]);
  });

  it('is this user’s rather than another’s', async () => {
    await start();
    fields = { vary: 'accept-language' };
    await store('/a', { headers: { 'accept-language': 'en' } });
    await store('/a', { headers: { 'accept-language': 'de', authorization: 'Bearer ada' } });
    const differences = await differencesTo('/a', { headers: { 'accept-language': 'de' } });
    expect(differences?.map(({ kind }) => kind)).toEqual(['field']);
  });

  it('is what had expired, also where the new response has taken its place', async () => {
    await start({ ttlSeconds: 10 });
    await store('/a');
    larder.clock.advance(21);
    const { nearest, id } = await nearestTo('/a');
    const { startedAt } = larder.exchanges.find((one) => one.id === id) ?? { startedAt: 0 };
    expect(nearest?.entryId).toBeNull();
    expect(nearest?.differences).toEqual([{ kind: 'expired', since: startedAt - 12_000 }]);
  });

  it('is what had expired rather than another variant', async () => {
    await start({ ttlSeconds: 10 });
    fields = { vary: 'accept-language' };
    await store('/a', { headers: { 'accept-language': 'en' } });
    larder.clock.advance(21);
    await store('/a', { headers: { 'accept-language': 'de' } });
    const differences = await differencesTo('/a', { headers: { 'accept-language': 'en' } });
    expect(differences?.map(({ kind }) => kind)).toEqual(['expired']);
  });

  it('is what had expired, also where nothing has taken its place', async () => {
    await start({ ttlSeconds: 10 });
    await store('/a');
    larder.clock.advance(21);
    fields = { 'content-type': 'text/event-stream' };
    expect((await differencesTo('/a'))?.map(({ kind }) => kind)).toEqual(['expired']);
  });

  it('is what is to be validated each time', async () => {
    await start({ policy: 'respect' });
    fields = { 'cache-control': 'no-cache, max-age=600', etag: '"a"' };
    await store('/a');
    fields = { 'cache-control': 'no-cache, max-age=600', etag: '"b"' };
    expect((await differencesTo('/a'))?.map(({ kind }) => kind)).toEqual(['must-validate']);
  });

  it('says that a reload was asked for', async () => {
    await start();
    await store('/a');
    expect(await differencesTo('/a', { headers: { 'cache-control': 'no-cache' } })).toEqual([
      { kind: 'reload' },
    ]);
  });

  it('is of the former origin, where that is all that differs', async () => {
    await start();
    await store('/products/1');
    const former = larder.origin.url;
    const other = await startEngineUnderTest({ answer });
    await larder.apply({ origin: other.origin.url });
    expect(await differencesTo('/products/1')).toEqual([
      { kind: 'origin', here: other.origin.url, there: former },
    ]);
    await other.close();
  });

  it('names the method where only a HEAD is stored', async () => {
    await start();
    await store('/a', { method: 'HEAD' });
    expect(await differencesTo('/a')).toEqual([{ kind: 'method', here: 'GET', there: 'HEAD' }]);
  });

  it('names the policy it was stored under', async () => {
    await start();
    fields = { 'cache-control': 'max-age=600' };
    await store('/a');
    await larder.apply({ policy: 'respect' });
    expect(await differencesTo('/a')).toEqual([{ kind: 'policy' }]);
  });

  it('is not what the exchange itself stored, nor anything for a hit', async () => {
    await start();
    const first = await nearestTo('/a');
    await larder.stored(1);
    expect(await larder.engine.nearestStored(first.id)).toBeNull();
    expect((await nearestTo('/a')).nearest).toBeNull();
    expect(await larder.engine.nearestStored(999)).toBeNull();
  });

  it('goes before what was stored only later', async () => {
    await start();
    await store('/list/1?page=3');
    const { id } = await nearestTo('/list/1?page=1');
    await larder.stored(2);
    larder.clock.advance(1);
    await store('/list/1?page=2');
    expect((await larder.engine.nearestStored(id))?.url).toBe(`${larder.origin.url}/list/1?page=3`);
  });

  it('is looked for no further than it pays among many', async () => {
    await start({ credentialCookies: [] });
    for (let page = 1; page <= 300; page += 1) await larder.get(`/items/x?page=${page}`);
    await larder.stored(300);
    larder.clock.advance(1);
    const differences = await differencesTo('/items/y');
    expect(differences?.[0]).toEqual({ kind: 'path', here: '/items/y', there: '/items/x' });
  });
});

onRedisStore({}, (current) => {
  it('is found in Redis as well', async () => {
    const redis = current();
    redis.says({ fields: { vary: 'accept-language' } });
    await redis.ask('/list?page=1', { 'accept-language': 'en' });
    redis.clock.advance(1);
    const other = await redis.ask('/list?page=1', { 'accept-language': 'de' });
    const variant = await redis.engine.nearestStored(other.exchange.id);
    expect(variant?.differences).toEqual([
      { kind: 'field', name: 'accept-language', here: 'de', there: 'en', secret: false },
    ]);
    redis.clock.advance(1);
    const { exchange } = await redis.ask('/list?page=2', { 'accept-language': 'de' });
    const nearest = await redis.engine.nearestStored(exchange.id);
    expect(nearest?.url).toBe(`${redis.origin.url}/list?page=1`);
    expect(nearest?.differences[0]).toEqual({ kind: 'query', name: 'page', here: '2', there: '1' });
  });
});
