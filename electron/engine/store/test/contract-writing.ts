/** The stores' contract: storing and freshening. */
import { expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import { MAX_VARIANTS } from '../response-store';
import { bodyFor, put, store, variant } from './contract-store';
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './sample-response';

export function describePut(): void {
  it('replaces the same id whole', async () => {
    await put('/users', 'a longer first body', { fields: ['ETag', '"1"'] });
    const second = await put('/users', 'second', { fields: ['ETag', '"2"'], responseTime: SAMPLE_TIME + 5 });
    expect(await store.lookup(second.key)).toEqual([second]);
    expect(await bodyFor(second.key)).toBe('second');
  });

  it('starts a replaced response at no hits', async () => {
    const { key, id } = await put('/users', 'one');
    await bodyFor(key);
    await put('/users', 'two');
    expect((await store.entry(id))?.hits).toBe(0);
  });

  it('says that it stored', async () => {
    expect(await store.put(sampleAt('/a'), textBody('a'))).toBe(true);
  });

  it('keeps the last of many puts of one id at once', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => String(index).repeat((20 - index) * 500));
    await Promise.all(bodies.map((body) => put('/race', body)));
    expect(await bodyFor(sampleAt('/race').key)).toBe(bodies.at(-1));
  });

  it(`keeps at most ${MAX_VARIANTS} variants of one key, the most recent`, async () => {
    const languages = Array.from({ length: MAX_VARIANTS + 6 }, (_, index) => `l${index}`);
    for (const [index, language] of languages.entries())
      await store.put(variant(language, index), textBody(language));
    const found = await store.lookup(variant('').key);
    expect(found).toHaveLength(MAX_VARIANTS);
    expect(found.at(-1)?.vary[0]?.[1]).toBe('l6');
    expect(await store.entry(variant('l5').id)).toBeNull();
    expect(await store.bodyOf(variant('l5').id)).toBeNull();
  });

  it('keeps the variants of GET and HEAD and of different users apart', async () => {
    const parts: Partial<StoredResponse>[] = [
      {},
      { method: 'HEAD' },
      { partition: 'one' },
      { partition: 'two' },
    ];
    for (const part of parts) await put('/users', JSON.stringify(part), part);
    const found = await store.lookup(sampleAt('/users').key);
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining(parts.map((part) => expect.objectContaining(part) as unknown)),
    );
    for (const each of found) expect(await store.body(each)).toHaveLength(each.bodyBytes);
    expect(await store.invalidate([sampleAt('/users').key])).toBe(4);
  });

  it('keeps no tie to a larger buffer that the body was cut from', async () => {
    const large = Buffer.from('----body----');
    const stored = sampleAt('/slice');
    await store.put(stored, large.subarray(4, 8));
    large.fill('x');
    expect(await bodyFor(stored.key)).toBe('body');
  });
}

export function describeFreshen(): void {
  it('replaces the metadata and keeps the body', async () => {
    const stored = await put('/users', 'body');
    const [validated] = await store.lookup(stored.key);
    const fresh = {
      ...stored,
      fields: ['ETag', '"v2"'],
      responseTime: SAMPLE_TIME + 9000,
      lifetimeSeconds: 900,
    };
    expect(await store.freshen(fresh, validated)).toBe(true);
    expect(await store.lookup(stored.key)).toEqual([fresh]);
    expect(await bodyFor(stored.key)).toBe('body');
    expect(bodyText(await store.body(fresh))).toBe('body');
  });

  it('lets an exchange that still holds the response from before have its body', async () => {
    const stored = await put('/users', 'body');
    const [held] = await store.lookup(stored.key);
    await store.freshen({ ...stored, responseTime: SAMPLE_TIME + 1 }, held);
    expect(held && bodyText(await store.body(held))).toBe('body');
  });

  it('makes the variant the most recent', async () => {
    const [de, en] = [variant('de', 10), variant('en', 30)];
    await store.put(de, textBody('de'));
    await store.put(en, textBody('en'));
    await store.freshen({ ...de, responseTime: SAMPLE_TIME + 50 });
    expect((await store.lookup(de.key)).map((each) => each.id)).toEqual([de.id, en.id]);
  });

  it('keeps the hits', async () => {
    const stored = await put('/users', 'body');
    await bodyFor(stored.key);
    await store.freshen({ ...stored, responseTime: SAMPLE_TIME + 1 });
    expect((await store.entry(stored.id))?.hits).toBe(1);
  });

  it('refuses what is no longer stored', async () => {
    const stored = await put('/users', 'body');
    const [validated] = await store.lookup(stored.key);
    await store.invalidate([stored.key]);
    expect(await store.freshen(stored)).toBe(false);
    expect(await store.freshen(stored, validated)).toBe(false);
    expect(await store.lookup(stored.key)).toEqual([]);
  });

  it('leaves alone a response that took the place of the validated one', async () => {
    const stored = await put('/users', 'one');
    const [validated] = await store.lookup(stored.key);
    const second = await put('/users', 'two', { fields: ['ETag', '"2"'] });
    expect(await store.freshen({ ...stored, lifetimeSeconds: 900 }, validated)).toBe(false);
    expect(await store.lookup(stored.key)).toEqual([second]);
    expect(await bodyFor(stored.key)).toBe('two');
  });
}
