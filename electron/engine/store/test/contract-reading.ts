/** The stores' contract: looking up, bodies, and looking at one response. */
import { expect, it } from 'vitest';
import { bodyFor, put, store, variant } from './contract-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './sample-response';

export function describeLookup(): void {
  it('knows nothing of a key that was never stored', async () => {
    expect(await store.lookup('https://api.example.com/never')).toEqual([]);
    expect(await store.body(sampleAt('/never'))).toBeNull();
  });

  it('gives back what was stored, and its body', async () => {
    const stored = await put('/users', '{"n":1}');
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect(await bodyFor(stored.key)).toBe('{"n":1}');
  });

  it('gives all variants of a key, the most recent first', async () => {
    const variants = [variant('de', 10), variant('en', 30), variant('fr', 20)];
    for (const each of variants) await store.put(each, textBody(each.vary[0]?.[1] ?? ''));
    const found = await store.lookup(variants[0]?.key ?? '');
    expect(found.map((each) => each.vary[0]?.[1])).toEqual(['en', 'fr', 'de']);
    expect(await Promise.all(found.map(async (each) => bodyText(await store.body(each))))).toEqual([
      'en',
      'fr',
      'de',
    ]);
  });

  it('tells an absent varying field from an empty one', async () => {
    await store.put(variant(null, 1), textBody('absent'));
    await store.put(variant('', 0), textBody('empty'));
    const found = await store.lookup(variant(null).key);
    expect(found.map((each) => each.vary)).toEqual([[['accept-language', null]], [['accept-language', '']]]);
  });

  it('gives stale responses too', async () => {
    const stored = await put('/stale', 'old', { lifetimeSeconds: 0, initialAgeSeconds: 50 });
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect(await bodyFor(stored.key)).toBe('old');
  });

  it('counts each body that answers as a hit', async () => {
    const stored = await put('/hits', 'x');
    await bodyFor(stored.key);
    await bodyFor(stored.key);
    expect((await store.entry(stored.id))?.hits).toBe(2);
  });

  it('never gives the body of a response that took the place of the one looked up', async () => {
    const key = (await put('/replaced', 'one')).key;
    const [before] = await store.lookup(key);
    await put('/replaced', 'two', { responseTime: SAMPLE_TIME + 1 });
    expect(before && (await store.body(before))).toBeNull();
    expect(await bodyFor(key)).toBe('two');
  });
}

export function describeEntry(): void {
  it('gives the details of one response', async () => {
    const stored = variant('de');
    await store.put(stored, textBody('de'));
    expect(await store.entry(stored.id)).toMatchObject({
      id: stored.id,
      statusText: 'OK',
      fields: [
        ['Content-Type', 'application/json'],
        ['ETag', '"v1"'],
      ],
      cacheKey: stored.key,
      vary: [['accept-language', 'de']],
    });
  });

  it('knows no entry that is not stored', async () => {
    expect(await store.entry('no-such-id')).toBeNull();
    expect(await store.bodyOf('no-such-id')).toBeNull();
    expect(await store.entry('__proto__')).toBeNull();
  });

  it('gives a body to look at without counting a hit', async () => {
    const stored = await put('/looked-at', 'look');
    expect(bodyText(await store.bodyOf(stored.id))).toBe('look');
    expect((await store.entry(stored.id))?.hits).toBe(0);
  });
}
