/** The stores' contract: many responses, and many who work on them at once. */
import { expect, it } from 'vitest';
import { allPages, expectRecount, put, store } from './contract-store';
import { bodyText, sampleAt, sampleResponse, textBody } from './sample-response';

/** Long, because the machine may be busy with other tests. */
const MANY_TIMEOUT_MS = 120_000;

export function describeMany(): void {
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
