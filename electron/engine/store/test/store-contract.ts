/**
 * The stores' contract as tests: the same suite runs on every store. What only
 * one store promises (budget, order, faults) is tested beside that store.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '../../../../shared/stored-entry';
import type { StoredResponse, VaryingField } from '../../semantics/stored-response';
import type { ResponseStore } from '../response-store';
import { MAX_VARIANTS } from '../response-store';
import { SAMPLE_TIME, bodyText, sampleAt, sampleResponse, textBody } from './sample-response';

/** Makes the store forget the response by itself, in the way it has: eviction, expiry. */
type Forget = (store: ResponseStore, stored: StoredResponse) => Promise<void>;

/** Long, because the machine may be busy with other tests. */
const MANY_TIMEOUT_MS = 120_000;
const PATIENT = { timeout: 60_000 };

let store: ResponseStore;

/** `createStore` gives an empty store that is ready to answer; the suite closes it. */
export function describeStoreContract(
  name: string,
  createStore: () => Promise<ResponseStore>,
  forget: Forget,
): void {
  describe(`store contract: ${name}`, () => {
    beforeEach(async () => {
      store = await createStore();
    });
    afterEach(() => store.close());

    describe('lookup and body', () => {
      describeLookup();
    });
    describe('put', () => {
      describePut();
    });
    describe('any response and body', () => {
      describeRoundTrip();
    });
    describe('freshen', () => {
      describeFreshen();
    });
    describe('removal', () => {
      describeRemoval();
    });
    describe('what the store forgets by itself', () => {
      describeForgetting(forget);
    });
    describe('many at once', () => {
      describeMany();
    });
    describe('list', () => {
      describeList();
    });
    describe('entry', () => {
      describeEntry();
    });
    describe('the store itself', () => {
      describeItself();
    });
  });
}

function describeLookup(): void {
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

function describePut(): void {
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

function describeRoundTrip(): void {
  it('keeps an empty body', async () => {
    const stored = await put('/empty', '', { status: 204, statusText: 'No Content' });
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect(await bodyFor(stored.key)).toBe('');
    expect(bodyText(await store.bodyOf(stored.id))).toBe('');
  });

  it('keeps every byte value, also in what can be compressed', async () => {
    const bytes = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    for (const type of ['text/plain', 'application/octet-stream']) {
      const stored = sampleAt(`/bytes/${type}`, { fields: ['Content-Type', type], bodyBytes: bytes.length });
      await store.put(stored, bytes);
      const [found] = await store.lookup(stored.key);
      expect(found && Buffer.compare((await store.body(found)) ?? Buffer.alloc(0), bytes)).toBe(0);
    }
  });

  it('keeps a body of 16 MiB', async () => {
    const bytes = Buffer.alloc(16 * 1024 * 1024, 'larder ');
    const stored = sampleAt('/large', { fields: ['Content-Type', 'text/plain'], bodyBytes: bytes.length });
    expect(await store.put(stored, bytes)).toBe(true);
    const [found] = await store.lookup(stored.key);
    expect(found && Buffer.compare((await store.body(found)) ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it('keeps order, repetition, case and bytes of fields and trailers', async () => {
    const fields = [
      'X-B',
      '1',
      'x-a',
      '',
      'X-B',
      '2',
      'SET-Thing',
      'caf\u00e9 \u0080\u00ff',
      '__proto__',
      'x',
      'a',
      '"\\,;',
    ];
    const stored = await put('/fields', 'x', { fields, trailers: ['Digest', 'x', 'digest', 'y'] });
    expect(await store.lookup(stored.key)).toEqual([stored]);
    expect((await store.lookup(stored.key))[0]?.fields).toEqual(fields);
  });

  it.each([
    ['__proto__'],
    ['constructor'],
    [''],
    ['a\nb\r\n\0c'],
    ['larder:v1:{x}:*?[]\\'],
    ['\u{1F980} \u00e9 \ud800'],
    [`https://api.example.com/${'long/'.repeat(4000)}`],
  ])('keeps a response under the key %j', async (key) => {
    const stored = sampleResponse({ key, url: 'https://api.example.com/odd' });
    await store.put(stored, textBody('odd'));
    expect(await store.lookup(key)).toEqual([stored]);
    expect(await bodyFor(key)).toBe('odd');
    expect(await store.lookup(`${key} `)).toEqual([]);
    expect(await store.invalidate([key])).toBe(1);
  });

  it('keeps whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(anyResponse, fc.uint8Array({ maxLength: 3000 }), async (response, body) => {
        const stored = { ...response, bodyBytes: body.length };
        await store.put(stored, body);
        const found = (await store.lookup(stored.key)).find((each) => each.id === stored.id);
        expect(found).toEqual(stored);
        expect(found && Buffer.from((await store.body(found)) ?? [])).toEqual(Buffer.from(body));
      }),
      { numRuns: 60 },
    );
  });
}

function describeFreshen(): void {
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

function describeRemoval(): void {
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

function describeForgetting(forget: Forget): void {
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

function describeMany(): void {
  it(
    'keeps 10,000 responses under odd keys apart',
    async () => {
      const keys = Array.from({ length: 10_000 }, (_, index) => oddKey(index));
      await inBatches(keys, (key) =>
        store.put(sampleResponse({ key, bodyBytes: textBody(key).byteLength }), textBody(key)),
      );
      await inBatches(keys, async (key) => {
        const [found, ...others] = await store.lookup(key);
        expect(others).toEqual([]);
        expect(found?.key).toBe(key);
        expect(found && bodyText(await store.body(found))).toBe(Buffer.from(key).toString());
      });
      const seen = new Set<string>();
      for (const page of await allPages(1000)) for (const { id } of page) seen.add(id);
      expect(seen.size).toBe(keys.length);
      await expectRecount();
      expect(await store.clear()).toBe(keys.length);
    },
    MANY_TIMEOUT_MS,
  );

  it(
    'never pairs one response with the body of another, whoever writes, freshens and removes meanwhile',
    async () => {
      const paths = ['/a', '/b', '/c'];
      let version = 0;
      const write = async (path: string): Promise<void> => {
        const text = `${path} ${(version += 1)} ${'x'.repeat((version * 977) % 5000)}`;
        await put(path, text, {
          fields: ['Content-Type', 'text/plain', 'X-Body', text],
          statusText: String(version),
        });
      };
      const read = async (path: string): Promise<void> => {
        const [found] = await store.lookup(sampleAt(path).key);
        if (found === undefined) return;
        const body = await store.body(found);
        if (body !== null) expect(bodyText(body)).toBe(found.fields[3]);
      };
      const freshen = async (path: string): Promise<void> => {
        const [found] = await store.lookup(sampleAt(path).key);
        if (found !== undefined) await store.freshen({ ...found, lifetimeSeconds: 900 }, found);
      };
      const remove = async (path: string): Promise<void> =>
        void (await store.invalidate([sampleAt(path).key]));
      const writer = async (turn: number): Promise<void> => {
        const actions = [write, read, write, freshen, read, read, remove, read];
        for (let step = 0; step < 60; step += 1) {
          const path = paths[(turn + step) % paths.length] ?? '/a';
          await actions[(turn * 3 + step) % actions.length]?.(path);
        }
      };
      await Promise.all(Array.from({ length: 12 }, (_, turn) => writer(turn)));
      for (const path of paths) await read(path);
      await expectRecount();
    },
    MANY_TIMEOUT_MS,
  );

  it('lists what stays, on one of its pages, while others come and go', async () => {
    const paths = Array.from({ length: 200 }, (_, index) => `/stays/${index}`);
    for (const path of paths) await put(path, path);
    const listed = new AbortController();
    const coming = (async () => {
      for (let index = 0; !listed.signal.aborted; index += 1) {
        const { id } = await put(`/comes/${index}`, 'x');
        if (index % 2 === 0) await store.delete([id]);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const seen = new Set((await allPages(7)).flat().map(({ url }) => url));
    listed.abort();
    await coming;
    for (const path of paths) expect(seen).toContain(`https://api.example.com${path}`);
  });
}

function describeList(): void {
  it('gives pages that together hold everything', async () => {
    for (let index = 0; index < 25; index += 1) await put(`/items/${index}`, String(index));
    const pages = await allPages(10);
    expect(pages.every((page) => page.length <= 10)).toBe(true);
    expect(new Set(pages.flat().map((each) => each.id)).size).toBe(25);
  });

  it('says on the last page that it is the last', async () => {
    await put('/only', 'x');
    expect((await store.list({})).cursor).toBeNull();
    await store.clear();
    expect(await store.list({})).toEqual({ entries: [], cursor: null });
  });

  it('goes on after a page although the listed were removed and others came', async () => {
    for (let index = 0; index < 30; index += 1) await put(`/items/${index}`, String(index));
    const first = await store.list({ limit: 10 });
    await store.delete(first.entries.slice(5).map((each) => each.id));
    for (let index = 30; index < 40; index += 1) await put(`/items/${index}`, String(index));
    const rest = await pagesFrom(first.cursor ?? undefined, 10);
    const seen = new Set([...first.entries, ...rest.flat()].map((each) => each.url));
    for (let index = 0; index < 30; index += 1)
      expect(seen).toContain(`https://api.example.com/items/${index}`);
  });

  it('finds part of a URL without regard to case', async () => {
    for (const path of ['/Users/1', '/users/2', '/orders/1']) await put(path, path);
    const found = (await allEntries('USERS')).map((each) => new URL(each.url).pathname);
    expect(found.sort()).toEqual(['/Users/1', '/users/2']);
    expect(await allEntries('nothing')).toEqual([]);
  });

  it('refuses a cursor that it never gave', async () => {
    const listed = async () => store.list({ cursor: 'not a cursor' });
    await expect(listed()).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('shows what a list needs, without the body', async () => {
    const stored = await put('/shown', 'x'.repeat(50), { initialAgeSeconds: 100, forOneUser: true });
    expect((await store.list({})).entries).toEqual([
      {
        id: stored.id,
        method: 'GET',
        url: 'https://api.example.com/shown',
        status: 200,
        contentType: 'application/json',
        bodyBytes: 50,
        storedBytes: 50,
        storedAt: SAMPLE_TIME,
        expiresAt: SAMPLE_TIME + 200_000,
        hits: 0,
        vary: [],
        forOneUser: true,
      },
    ]);
  });
}

function describeEntry(): void {
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

function describeItself(): void {
  it('has a secret of 32 bytes that stays', () => {
    expect(store.keySecret()).toHaveLength(32);
    expect(Buffer.from(store.keySecret())).toEqual(Buffer.from(store.keySecret()));
  });

  it('keeps its secret when it is cleared', async () => {
    const before = Buffer.from(store.keySecret());
    await store.clear();
    expect(Buffer.from(store.keySecret())).toEqual(before);
  });

  it('counts what it holds', async () => {
    await put('/a', 'x'.repeat(3000));
    await put('/b', 'y');
    await expect.poll(() => store.stats().entries, PATIENT).toBe(2);
    expect(store.stats().bytes).toBeGreaterThan(0);
    await store.clear();
    await expect.poll(() => store.stats(), PATIENT).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('is well', () => {
    expect(store.health()).toMatchObject({ state: 'ok', message: null });
    store.onHealth(() => undefined)();
  });

  it('closes more than once', async () => {
    await store.close();
    await store.close();
  });
}

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyLatin1 = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const anyFields = fc
  .array(fc.tuple(fc.constantFrom('Content-Type', 'x', 'X', '__proto__'), anyLatin1), { maxLength: 5 })
  .map((lines) => lines.flat());

const anyResponse: fc.Arbitrary<StoredResponse> = fc
  .record({
    key: anyText,
    vary: fc.array(fc.tuple(anyText, fc.option(anyText)), { maxLength: 3 }),
    method: fc.constantFrom('GET' as const, 'HEAD' as const),
    partition: anyText,
    status: fc.integer({ min: 100, max: 599 }),
    statusText: anyLatin1,
    fields: anyFields,
    trailers: anyFields,
    requestTime: fc.nat(),
    lifetimeSeconds: fc.nat(),
    mustValidate: fc.boolean(),
    forOneUser: fc.boolean(),
  })
  .map((parts) => sampleResponse({ url: 'https://api.example.com/any', ...parts }));

function variant(language: string | null, laterMs = 0): StoredResponse {
  const vary: VaryingField[] = [['accept-language', language]];
  return sampleAt('/vary', { vary, responseTime: SAMPLE_TIME + laterMs });
}

/** Statistics agree with what a list shows. */
async function expectRecount(): Promise<void> {
  await expect
    .poll(async () => {
      const all = await allEntries();
      const { entries, bodyBytes, storedBodyBytes } = store.stats();
      const sum = (of: (entry: StoredEntry) => number) => all.reduce((total, each) => total + of(each), 0);
      return {
        entries: entries - all.length,
        bodyBytes: bodyBytes - sum((each) => each.bodyBytes),
        storedBodyBytes: storedBodyBytes - sum((each) => each.storedBytes),
      };
    }, PATIENT)
    .toEqual({ entries: 0, bodyBytes: 0, storedBodyBytes: 0 });
}

const ODD_PARTS = [
  '{x}',
  '*?[a-z]',
  '\\',
  '\0',
  '\r\n',
  ' ',
  '%2e%2e',
  '\u{1F980}',
  '\ud800',
  ':meta:',
  'é',
  '__proto__',
];

function oddKey(index: number): string {
  const part = ODD_PARTS[index % ODD_PARTS.length] ?? '';
  return `${part}${index.toString(36)}${part.repeat(index % 5)}`;
}

async function inBatches(keys: readonly string[], act: (key: string) => unknown): Promise<void> {
  for (let first = 0; first < keys.length; first += 200) {
    await Promise.all(keys.slice(first, first + 200).map((key) => act(key)));
  }
}

async function put(
  path: string,
  body: string,
  overrides: Partial<StoredResponse> = {},
): Promise<StoredResponse> {
  const stored = sampleAt(path, { bodyBytes: body.length, ...overrides });
  await store.put(stored, textBody(body));
  return stored;
}

/** As a hit takes it: lookup, then the body of the first candidate. */
async function bodyFor(key: string): Promise<string | null> {
  const [first] = await store.lookup(key);
  return first === undefined ? null : bodyText(await store.body(first));
}

async function allEntries(q?: string): Promise<StoredEntry[]> {
  return (await pagesFrom(undefined, 1000, q)).flat();
}

function allPages(limit: number): Promise<StoredEntry[][]> {
  return pagesFrom(undefined, limit);
}

async function pagesFrom(cursor: string | undefined, limit: number, q = ''): Promise<StoredEntry[][]> {
  const pages: StoredEntry[][] = [];
  let next = cursor;
  do {
    const page = await store.list({ limit, q, ...(next === undefined ? {} : { cursor: next }) });
    pages.push([...page.entries]);
    next = page.cursor ?? undefined;
  } while (next !== undefined);
  return pages;
}
