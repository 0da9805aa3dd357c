/** The stores' contract: what removes responses, and what goes by itself. */
import { expect, it } from 'vitest';
import {
  PATIENT,
  allEntries,
  bodyFor,
  expectRecount,
  put,
  store,
  variant,
  type Forget,
} from './contract-store';
import { SAMPLE_TIME, sampleAt, textBody } from './sample-response';

export function describeRemoval(): void {
  it('invalidates every variant under the keys and counts them', async () => {
    for (const language of ['de', 'en', 'fr']) await store.put(variant(language), textBody(language));
    await put('/other', 'other');
    await put('/kept', 'kept');
    const keys = [variant('').key, sampleAt('/other').key, sampleAt('/never').key];
    expect(await store.invalidate(keys)).toBe(4);
    expect(await store.lookup(variant('').key)).toEqual([]);
    expect(await store.bodyOf(variant('de').id)).toBeNull();
    expect(await allEntries()).toHaveLength(1);
    expect(await store.invalidate([])).toBe(0);
  });

  it('clears everything and says how much that was', async () => {
    for (const language of ['de', 'en']) await store.put(variant(language), textBody(language));
    for (let index = 0; index < 20; index += 1) await put(`/items/${index}`, String(index));
    expect(await store.clear()).toBe(22);
    expect(await allEntries()).toEqual([]);
    expect(await store.lookup(variant('').key)).toEqual([]);
    expect(await store.bodyOf(variant('de').id)).toBeNull();
    expect(await store.clear()).toBe(0);
  });

  it('keeps nothing of a put that was under way when it was cleared', async () => {
    const puts = ['/a', '/b', '/c'].map((path) => put(path, 'x'.repeat(200_000)));
    await store.clear();
    await Promise.all(puts);
    expect(await allEntries()).toEqual([]);
  });

  it('keeps nothing of a put that was well under way when it was cleared', async () => {
    const under = put('/a', 'text '.repeat(800_000));
    await new Promise((resolve) => setImmediate(resolve));
    await store.clear();
    await under;
    expect(await allEntries()).toEqual([]);
  });

  it('keeps nothing of a put that was under way when its key was invalidated', async () => {
    const under = put('/a', 'x'.repeat(200_000));
    await store.invalidate([sampleAt('/a').key]);
    const stored = await under;
    expect(await store.lookup(stored.key)).toEqual([]);
  });

  it('stores again after it was cleared', async () => {
    await put('/a', 'one');
    await store.clear();
    const stored = await put('/a', 'two');
    expect(await bodyFor(stored.key)).toBe('two');
  });

  it('deletes by id, each variant for itself', async () => {
    await store.put(variant('de'), textBody('de'));
    await store.put(variant('en'), textBody('en'));
    expect(await store.delete([variant('de').id, 'no-such-id'])).toBe(1);
    expect((await store.lookup(variant('').key)).map((each) => each.id)).toEqual([variant('en').id]);
    expect(await store.bodyOf(variant('de').id)).toBeNull();
    expect(await store.delete([variant('en').id])).toBe(1);
    expect(await store.lookup(variant('').key)).toEqual([]);
  });

  it('deletes what matches a glob, by whole URL or by path with query', async () => {
    for (const path of ['/v1/a?x=1', '/v1/b', '/v2/a']) await put(path, path);
    expect(await store.deleteMatching('/v1/?')).toBe(1);
    expect(await store.deleteMatching('https://api.example.com/v1/*')).toBe(1);
    expect(await store.deleteMatching('/nothing*')).toBe(0);
    expect((await allEntries()).map((each) => each.url)).toEqual(['https://api.example.com/v2/a']);
  });
}

export function describeForgetting(forget: Forget): void {
  it('is a miss, is not listed and not counted, and can be stored again', async () => {
    const kept = await put('/kept', 'kept');
    const forgotten = await put('/forgotten', 'old');
    const [held] = await store.lookup(forgotten.key);
    expect(await bodyFor(forgotten.key)).toBe('old');
    await forget(store, forgotten);
    await expect.poll(() => bodyFor(forgotten.key), PATIENT).toBeNull();
    expect(await store.freshen({ ...forgotten, lifetimeSeconds: 900 }, held)).toBe(false);
    await put('/forgotten', 'new', { responseTime: SAMPLE_TIME + 1 });
    expect(await bodyFor(forgotten.key)).toBe('new');
    await store.delete([forgotten.id]);
    const left = (await allEntries()).map(({ id }) => id).filter((id) => id !== kept.id);
    expect(left).toEqual([]);
    await expectRecount();
  });
}
