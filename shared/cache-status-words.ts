/** Cache-Status in words (RFC 9211 §2): what each cache on the way did, nearest to the origin first. */
import { formatDurationWords } from './format';
import { listItems, parameter } from './list-items';

export interface CacheWords {
  readonly cache: string;
  readonly words: string;
}

/** One for each cache. */
export function cacheStatusWords(value: string): readonly CacheWords[] {
  return listItems(value).map(memberWords);
}

function memberWords(member: string): CacheWords {
  const [cache = member, ...rest] = listItems(member, ';');
  const words = rest.flatMap((text) => {
    const { name, value } = parameter(text);
    return PARAMETERS.get(name.toLowerCase())?.(value) ?? [];
  });
  return { cache: cache.replaceAll('"', ''), words: words.length === 0 ? 'says no more' : words.join(', ') };
}

const FORWARDED: ReadonlyMap<string, string> = new Map([
  ['bypass', 'not for the cache'],
  ['method', 'its method is not answered from the store'],
  ['uri-miss', 'nothing stored for this URL'],
  ['vary-miss', 'nothing stored for these request fields'],
  ['miss', 'nothing stored that fits'],
  ['request', 'the request asked for a fresh response'],
  ['stale', 'what was stored had expired'],
  ['partial', 'only a part was stored'],
]);

const PARAMETERS: ReadonlyMap<string, (value: string | null) => string> = new Map([
  ['hit', () => 'answered from the store'],
  ['fwd', (value) => `forwarded (${FORWARDED.get(value ?? '') ?? value ?? 'no reason given'})`],
  ['fwd-status', (value) => `answered ${value ?? '?'}`],
  ['stored', () => 'stored'],
  ['collapsed', () => 'together with another request'],
  ['ttl', ttlWords],
  ['key', (value) => `under the key ${value ?? ''}`],
  ['detail', (value) => `detail ${value ?? ''}`],
]);

function ttlWords(value: string | null): string {
  const seconds = Number(value);
  if (value === null || Number.isNaN(seconds)) return 'a lifetime that is no number';
  return seconds < 0
    ? `expired ${formatDurationWords(-seconds)} ago`
    : `fresh for ${formatDurationWords(seconds)}`;
}
