/** The stores' contract: a clear that keeps what it clears for a while, and its undo. */
import { expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import { MAX_VARIANTS } from '../response-store';
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
import { SAMPLE_TIME, bodyText, sampleAt, textBody } from './sample-response';

/** Longer than any test. */
const LONG_MS = 600_000;
const MANY = 2000;

export function describeUndo(forget: Forget): void {
  describeHiding();
  describePuttingBack();
  describeChangesMeanwhile(forget);
}

function describeHiding(): void {
  it('finds, lists and counts nothing of what was cleared', async () => {
    const stored = await put('/a', 'a');
    for (const language of ['de', 'en']) await putVariant(language, language);
    expect(await store.clear(LONG_MS)).toBe(3);
    expect(await store.lookup(stored.key)).toEqual([]);
    expect(await store.entry(stored.id)).toBeNull();
    expect(await store.bodyOf(stored.id)).toBeNull();
    expect(await allEntries()).toEqual([]);
    expect(await store.freshen({ ...stored, lifetimeSeconds: 900 })).toBe(false);
    await expect
      .poll(() => store.stats(), PATIENT)
      .toMatchObject({ entries: 0, bodyBytes: 0, storedBodyBytes: 0 });
    expect(await store.clear(LONG_MS)).toBe(0);
  });

  it('says how many it keeps and until when, and nothing where nothing is kept', async () => {
    expect(store.stats().undo).toBeNull();
    await store.clear(LONG_MS);
    expect(store.stats().undo).toBeNull();
    await put('/a', 'a');
    await put('/b', 'b');
    await store.clear(LONG_MS);
    expect(store.stats().undo).toEqual({ entries: 2, until: SAMPLE_TIME + LONG_MS });
    await store.undoClear();
    expect(store.stats().undo).toBeNull();
    await store.clear();
    expect(store.stats().undo).toBeNull();
  });

  it('keeps nothing where it is not told to', async () => {
    const { key } = await put('/a', 'a');
    expect(await store.clear(0)).toBe(1);
    expect(await store.undoClear()).toBe(0);
    expect(await store.lookup(key)).toEqual([]);
  });

  it('keeps what was cleared no longer than it is told to', async () => {
    const { key } = await put('/a', 'a');
    await store.clear(1);
    await expect.poll(() => store.stats().undo, PATIENT).toBeNull();
    expect(await store.undoClear()).toBe(0);
    expect(await store.lookup(key)).toEqual([]);
    await expect.poll(() => store.stats().bytes, PATIENT).toBe(0);
  });
}

function describePuttingBack(): void {
  it('puts back what was cleared as it was: metadata, bodies, hits', async () => {
    const stored = await put('/a', 'one '.repeat(1000), {
      fields: ['Content-Type', 'text/plain', 'X-A', 'b'],
    });
    const empty = await put('/empty', '', { status: 204 });
    await putVariant('de', 'de', 10);
    await putVariant('en', 'en', 30);
    await bodyFor(stored.key);
    const entries = byUrl(await allEntries());
    await store.clear(LONG_MS);
    expect(await store.undoClear()).toBe(4);
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect(await bodyFor(empty.key)).toBe('');
    expect((await store.lookup(variant('').key)).map(({ vary }) => vary[0]?.[1])).toEqual(['en', 'de']);
    expect(await bodyFor(variant('').key)).toBe('en');
    expect(await bodyFor(stored.key)).toBe('one '.repeat(1000));
    const now = byUrl(await allEntries());
    expect(now.find(({ url }) => url === stored.url)?.hits).toBe(2);
    expect(now.map(withoutHits)).toEqual(entries.map(withoutHits));
    await expectRecount();
  });

  it('puts it back once', async () => {
    const stored = await put('/a', 'a');
    await store.clear(LONG_MS);
    expect(await store.undoClear()).toBe(1);
    expect(await store.undoClear()).toBe(0);
    expect(await bodyFor(stored.key)).toBe('a');
  });

  it('puts back what was changed, removed and stored before as it was then', async () => {
    const stored = await put('/a', 'a');
    await store.freshen({ ...stored, lifetimeSeconds: 900 });
    const { key } = await put('/gone', 'gone');
    await store.invalidate([key]);
    await put('/twice', 'one');
    await put('/twice', 'two');
    await store.clear(LONG_MS);
    expect(await store.undoClear()).toBe(2);
    expect((await store.lookup(stored.key))[0]?.lifetimeSeconds).toBe(900);
    expect(await store.lookup(key)).toEqual([]);
    expect(await bodyFor(sampleAt('/twice').key)).toBe('two');
  });

  it('puts back what is then changed as ever', async () => {
    const [a, b, c] = [await put('/a', 'a'), await put('/b', 'b'), await put('/c', 'c')];
    await store.clear(LONG_MS);
    await store.undoClear();
    const [found] = await store.lookup(a.key);
    expect(await store.freshen({ ...a, lifetimeSeconds: 900 }, found)).toBe(true);
    expect(await store.invalidate([b.key])).toBe(1);
    expect(await store.delete([c.id])).toBe(1);
    await put('/c', 'new');
    expect(await bodyFor(a.key)).toBe('a');
    expect(await bodyFor(c.key)).toBe('new');
    expect(await store.clear()).toBe(2);
    expect(await store.undoClear()).toBe(0);
    expect(await allEntries()).toEqual([]);
  });

  it('drops what the clear before kept', async () => {
    const first = await put('/first', 'first');
    await store.clear(LONG_MS);
    const second = await put('/second', 'second');
    await store.clear(LONG_MS);
    expect(await store.undoClear()).toBe(1);
    expect(await store.lookup(first.key)).toEqual([]);
    expect(await bodyFor(second.key)).toBe('second');
  });

  it('can be done again after an undo', async () => {
    const stored = await put('/a', 'a');
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await store.clear(LONG_MS)).toBe(1);
      expect(await store.undoClear()).toBe(1);
    }
    expect(await bodyFor(stored.key)).toBe('a');
    await expectRecount();
  });

  it(`puts back ${MANY}, and those that were stored since stay`, async () => {
    const paths = Array.from({ length: MANY }, (_, index) => `/items/${index}`);
    await Promise.all(paths.map((path) => put(path, path)));
    expect(await store.clear(LONG_MS)).toBe(MANY);
    for (let index = 0; index < 50; index += 1) await put(`/new/${index}`, `new ${index}`);
    expect(await store.undoClear()).toBe(MANY);
    expect(await allEntries()).toHaveLength(MANY + 50);
    for (const path of paths.slice(0, 20)) expect(await bodyFor(sampleAt(path).key)).toBe(path);
    for (let index = 0; index < 50; index += 1)
      expect(await bodyFor(sampleAt(`/new/${index}`).key)).toBe(`new ${index}`);
    await expectRecount();
  });
}

function describeChangesMeanwhile(forget: Forget): void {
  it('does not bring back what was stored anew, not even after that was removed', async () => {
    const [a, b] = [await put('/a', 'old a'), await put('/b', 'old b')];
    const kept = await put('/kept', 'kept');
    await store.clear(LONG_MS);
    await put('/a', 'new a', { responseTime: SAMPLE_TIME + 1 });
    await put('/b', 'new b', { responseTime: SAMPLE_TIME + 1 });
    await bodyFor(a.key);
    await store.delete([b.id]);
    expect(await store.undoClear()).toBe(1);
    expect(await bodyFor(a.key)).toBe('new a');
    expect((await store.entry(a.id))?.hits).toBe(2);
    expect(await store.lookup(b.key)).toEqual([]);
    expect(await bodyFor(kept.key)).toBe('kept');
  });

  it.each<[string, (stored: StoredResponse) => unknown]>([
    ['invalidated', ({ key }) => store.invalidate([key])],
    ['deleted', ({ id }) => store.delete([id])],
    ['deleted by pattern', () => store.deleteMatching('/gone*')],
  ])('does not bring back what was %s meanwhile', async (_how, remove) => {
    const gone = await put('/gone?x=1', 'gone');
    const kept = await put('/kept', 'kept');
    await store.clear(LONG_MS);
    expect(await remove(gone)).toBe(0);
    expect(await store.undoClear()).toBe(1);
    expect(await store.lookup(gone.key)).toEqual([]);
    expect(await bodyFor(kept.key)).toBe('kept');
    await expectRecount();
  });

  it('invalidates every variant that was cleared', async () => {
    for (const language of ['de', 'en', 'fr']) await putVariant(language, language);
    await store.clear(LONG_MS);
    await putVariant('it', 'it');
    expect(await store.invalidate([variant('').key])).toBe(1);
    expect(await store.undoClear()).toBe(0);
    expect(await allEntries()).toEqual([]);
  });

  it('puts back the other variants of a key of which one was stored anew', async () => {
    await putVariant('de', 'old de');
    await putVariant('en', 'en');
    await store.clear(LONG_MS);
    await putVariant('de', 'new de', 50);
    expect(await store.undoClear()).toBe(1);
    const found = await store.lookup(variant('').key);
    expect(await Promise.all(found.map(async (each) => bodyText(await store.body(each))))).toEqual([
      'new de',
      'en',
    ]);
  });

  it('keeps to the most variants of one key', async () => {
    const languages = Array.from({ length: MAX_VARIANTS }, (_, index) => `l${index}`);
    for (const language of languages) await putVariant(language, language);
    await store.clear(LONG_MS);
    for (let index = 0; index < 3; index += 1) await putVariant(`n${index}`, 'n', 9);
    await store.undoClear();
    expect(await store.lookup(variant('').key)).toHaveLength(MAX_VARIANTS);
    for (let index = 0; index < 3; index += 1)
      expect(await store.entry(variant(`n${index}`).id)).not.toBeNull();
    await expectRecount();
  });

  it('puts back nothing of a put that was under way when it was cleared, and so was not stored', async () => {
    const text = 'text '.repeat(200_000);
    const responses = ['/a', '/b'].map((path) => sampleAt(path, { bodyBytes: text.length }));
    const puts = responses.map((stored) => store.put(stored, textBody(text)));
    await store.clear(LONG_MS);
    const isStored = await Promise.all(puts);
    await store.undoClear();
    const found = await Promise.all(responses.map(({ id }) => store.entry(id)));
    expect(found.map((entry) => entry !== null)).toEqual(isStored);
  });

  it('forgets by itself what is back as ever', async () => {
    const stored = await put('/forgotten', 'old');
    await store.clear(LONG_MS);
    await store.undoClear();
    expect(await bodyFor(stored.key)).toBe('old');
    await forget(store, stored);
    await expect.poll(() => bodyFor(stored.key), PATIENT).toBeNull();
  });
}

async function putVariant(language: string, body: string, laterMs = 0): Promise<void> {
  await store.put({ ...variant(language, laterMs), bodyBytes: body.length }, textBody(body));
}

function byUrl<T extends { readonly url: string; readonly id: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((one, other) => `${one.url} ${one.id}`.localeCompare(`${other.url} ${other.id}`));
}

function withoutHits<T extends { readonly hits: number }>({ hits: _hits, ...entry }: T): Omit<T, 'hits'> {
  return entry;
}
