/** Stored responses for stories, and the answers about them. */
import type { BodyPreview } from '../../shared/ipc/body-preview';
import type { StoredEntry, StoredEntryDetails } from '../../shared/stored-entry';
import type { Branches, ListingFacts, ListingPage } from '../../shared/stored-listing';
import { STORY_TIME } from './story-stage';

const ORIGIN = 'https://api.acme.dev';

type Kind = readonly [path: string, type: string, bytes: number, secondsLeft: number, hits: number];

const JSON_TYPE = 'application/json; charset=utf-8';

const KINDS: readonly Kind[] = [
  ['/v2/products?page=1', JSON_TYPE, 48_100, 287, 214],
  ['/v2/products?page=2', JSON_TYPE, 47_600, 300, 41],
  ['/v2/products/42?locale=de', JSON_TYPE, 12_400, 300, 3],
  ['/v2/products/42?locale=en', JSON_TYPE, 12_200, 259, 17],
  ['/v2/me', JSON_TYPE, 900, 212, 96],
  ['/v2/cart', JSON_TYPE, 2214, 199, 12],
  ['/v2/categories', JSON_TYPE, 6700, -9, 158],
  ['/img/hero@2x.webp', 'image/webp', 212_000, 3480, 64],
  ['/img/p-42.webp', 'image/webp', 88_410, 3471, 20],
  ['/v2/search?q=kaffee', JSON_TYPE, 18_300, 240, 1],
  ['/v2/feature-flags', JSON_TYPE, 1100, 131, 340],
  ['/v2/i18n/de.json', JSON_TYPE, 31_400, 3540, 27],
  ['/v2/stores?near=berlin', JSON_TYPE, 5500, 181, 8],
  ['/v2/stores/3', JSON_TYPE, 1900, 181, 5],
  ['/v2/stores/3/opening-hours', JSON_TYPE, 640, 64, 2],
  ['/assets/app.9f3c.js', 'text/javascript', 412_700, 31_536_000, 58],
  ['/assets/app.9f3c.css', 'text/css', 48_900, 31_536_000, 58],
  ['/', 'text/html; charset=utf-8', 4100, -42, 33],
];

export function entries(count = KINDS.length): readonly StoredEntry[] {
  return Array.from({ length: count }, (_, index) => entryAt(index));
}

function entryAt(index: number): StoredEntry {
  const kind = KINDS[index % KINDS.length] ?? (['/', JSON_TYPE, 1, 1, 0] as const);
  const [path, contentType, bodyBytes, secondsLeft, hits] = kind;
  const round = Math.floor(index / KINDS.length);
  const image = contentType.startsWith('image/');
  return {
    id: `entry-${index}`,
    method: 'GET',
    url: `${ORIGIN}${path}${round === 0 ? '' : `${path.includes('?') ? '&' : '?'}v=${round}`}`,
    status: 200,
    contentType,
    bodyBytes,
    storedBytes: image || bodyBytes < 1500 ? bodyBytes : Math.round(bodyBytes * 0.27),
    storedAt: STORY_TIME - (index + 13) * 1000,
    expiresAt: STORY_TIME + secondsLeft * 1000,
    hits,
    vary: path.includes('locale') ? [['accept-language', path.endsWith('de') ? 'de' : 'en']] : [],
    forOneUser: path === '/v2/me' || path === '/v2/cart',
  };
}

export function factsOf(list: readonly StoredEntry[]): ListingFacts {
  const sum = (of: (entry: StoredEntry) => number) => list.reduce((before, entry) => before + of(entry), 0);
  return {
    total: list.length,
    bodyBytes: sum((entry) => entry.bodyBytes),
    storedBytes: sum((entry) => entry.storedBytes),
    revision: 1,
    outdated: false,
    readSoFar: null,
    cappedAt: null,
  };
}

/** The stage gives the part that is asked for. */
export function pages(list: readonly StoredEntry[]): ListingPage & { readonly all: readonly StoredEntry[] } {
  return { ...factsOf(list), offset: 0, entries: [], all: list };
}

export const BRANCHES: Branches = {
  ...factsOf(entries()),
  of: 2,
  branches: [
    { path: ORIGIN, name: ORIGIN, count: 309, bodyBytes: 147_849_216, storedBytes: 85_983_232, opens: true },
    {
      path: 'http://localhost:4000',
      name: 'http://localhost:4000',
      count: 3,
      bodyBytes: 12_240,
      storedBytes: 4108,
      opens: false,
    },
  ],
};

export const ENTRY: StoredEntryDetails = {
  ...entryAt(2),
  statusText: 'OK',
  cacheKey: `GET ${ORIGIN}/v2/products/42?locale=de`,
  fields: [
    ['Content-Type', JSON_TYPE],
    ['Cache-Control', 'public, max-age=60, stale-while-revalidate=30'],
    ['ETag', '"p42-de-7"'],
    ['Vary', 'Accept-Language'],
    ['Date', 'Mon, 18 May 2026 14:02:16 GMT'],
    ['Server', 'acme-gateway'],
  ],
};

const PRODUCT = {
  id: 42,
  title: 'Kaffeemühle Nr. 3',
  price: { amount: 89.9, currency: 'EUR' },
  stock: 17,
  organic: false,
  images: ['/img/p-42.webp', '/img/p-42-side.webp', '/img/p-42-open.webp'],
  reviews: [
    { by: 'Ada', stars: 5, text: 'Mahlt fein und leise.' },
    { by: 'Grace', stars: 4, text: 'Etwas schwer.' },
  ],
};

export function body(text: string, contentType: string): BodyPreview {
  const bytes = new TextEncoder().encode(text);
  return {
    contentType,
    contentEncoding: null,
    undecoded: null,
    bytes,
    totalBytes: bytes.length,
    truncated: false,
    keptWhole: true,
  };
}

export const PRODUCT_BODY = body(JSON.stringify(PRODUCT), JSON_TYPE);
