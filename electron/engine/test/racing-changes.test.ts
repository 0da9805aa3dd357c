/** Policy `respect`: many who read while others change things (RFC 9111 §4.4). Chance has a seed; the verdict does not depend on timing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import type { ReplyMessage } from './scripted-origin';

const WORKERS = 12;
const REQUESTS_EACH = 40;
const KINDS = ['a', 'b', 'c'];
/** What GET asks with besides, one of them at a time. */
const ASKING: readonly Record<string, string>[] = [
  {},
  {},
  {},
  { 'Cache-Control': 'no-cache' },
  { 'Cache-Control': 'max-age=1' },
  { 'If-None-Match': '"a-0", "b-1"' },
  { Range: 'bytes=0-0' },
];

/** Numbers from 0 up to 1 (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  let random: () => number;
  beforeEach(() => {
    larder = current();
  });

  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]!;

  /** Each target has a version, which POST raises; its representation, in every variant, is that version. */
  function countVersions(cacheControl: string): void {
    const versions = new Map<string, number>();
    larder.says(async ({ method, url = '', headers }): Promise<ReplyMessage> => {
      await turns(below(6));
      const version = (versions.get(url) ?? 0) + (method === 'POST' ? 1 : 0);
      versions.set(url, version);
      const tag = `"${headers['x-kind']}-${version}"`;
      await turns(below(6));
      const fields = {
        'Cache-Control': cacheControl,
        Vary: 'X-Kind',
        ETag: tag,
        'X-Version': String(version),
      };
      const isKnown = headers['if-none-match']?.includes(tag) === true;
      return isKnown && method !== 'POST' ? { status: 304, fields } : { fields, body: String(version) };
    });
  }

  /** What GETs got that began after a POST of a later version had been answered. */
  async function outdatedAnswers(targets: readonly string[]): Promise<string[]> {
    const answered = new Map<string, number>();
    const outdated: string[] = [];
    const get = async (target: string): Promise<void> => {
      const least = answered.get(target) ?? 0;
      const headers = { 'X-Kind': oneOf(KINDS), ...oneOf(ASKING) };
      const answer = await larder.get(target, { headers, method: random() < 0.1 ? 'HEAD' : 'GET' });
      const version = Number(answer.headers['x-version']);
      if (!(version >= least) || answer.status >= 400)
        outdated.push(`${target} ${JSON.stringify(headers)}: ${answer.status} ${version}, not ${least}`);
      if (answer.status === 200 && answer.text !== '' && answer.text !== String(version))
        outdated.push(`${target}: body ${answer.text} with the fields of ${version}`);
    };
    const post = async (target: string): Promise<void> => {
      const answer = await larder.get(target, { method: 'POST', headers: { 'X-Kind': 'a' } });
      answered.set(target, Math.max(answered.get(target) ?? 0, Number(answer.text)));
    };
    const worker = async (): Promise<void> => {
      for (let request = 0; request < REQUESTS_EACH; request += 1) {
        const target = oneOf(targets);
        if (random() < 0.15) await post(target);
        else await get(target);
        if (random() < 0.2) larder.clock.advance(0.4);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    return outdated;
  }

  describe('RFC 9111 §4.4: who asks after a POST has been answered gets nothing from before it', () => {
    it.each([
      ['fresh for a while', 'max-age=3'],
      ['soon stale, and validated in the background', 'max-age=1, stale-while-revalidate=5'],
      ['validated each time', 'no-cache'],
    ])('%s', async (_name, cacheControl) => {
      for (const seed of [1, 2]) {
        random = chance(seed);
        countVersions(cacheControl);
        expect(await outdatedAnswers([`/${seed}/one`, `/${seed}/two`])).toEqual([]);
      }
      const outcomes = new Set(larder.exchanges.map(({ outcome }) => outcome));
      expect(outcomes).toContain('HIT');
      expect(outcomes).toContain('MISS');
    });
  });
});
