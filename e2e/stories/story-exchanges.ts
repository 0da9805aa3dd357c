/** Exchanges for stories: the traffic of a small shop, each row another outcome and reason. */
import type { ExchangeSummary, ReasonCode } from '../../shared/exchange-summary';
import { STORY_TIME } from './story-stage';

type Part = Partial<ExchangeSummary> & Pick<ExchangeSummary, 'target'>;

function hit(part: Part): Part {
  return {
    outcome: 'HIT',
    reason: 'fresh',
    ttlSeconds: 287,
    ageSeconds: 13,
    durationMs: 0.4,
    savedMs: 184,
    ...part,
  };
}

function miss(part: Part): Part {
  return {
    outcome: 'MISS',
    reason: 'no-stored-response',
    forward: 'uri-miss',
    stored: true,
    ttlSeconds: 300,
    durationMs: 184,
    ...part,
  };
}

function pass(part: Part): Part {
  const reason: ReasonCode = part.reason ?? 'method-not-cached';
  return {
    outcome: 'PASS',
    forward: 'method',
    notStored: 'method-not-cached',
    durationMs: 96,
    ...part,
    reason,
  };
}

/** Newest first, as the log shows them. */
const SHOP: readonly Part[] = [
  miss({
    target: '/v2/products/42?locale=de',
    reason: 'vary-differs',
    forward: 'vary-miss',
    facts: { varyFields: ['accept-language'], decidedBy: 'RFC 9111 §4.1' },
    bodyBytes: 12_400,
  }),
  hit({ target: '/v2/products?page=1', bodyBytes: 48_100 }),
  hit({ target: '/v2/me', bodyBytes: 900, durationMs: 0.3, facts: { forThisUser: true } }),
  pass({ target: '/v2/cart/items', method: 'POST', status: 201, bodyBytes: 412 }),
  miss({
    target: '/v2/cart',
    reason: 'invalidated',
    facts: { invalidatedBy: 'POST /v2/cart/items' },
    bodyBytes: 2214,
    durationMs: 121,
  }),
  hit({
    target: '/v2/categories',
    outcome: 'STALE',
    reason: 'stale-while-revalidate',
    ttlSeconds: -9,
    facts: { expiredForSeconds: 9 },
    bodyBytes: 6700,
    durationMs: 0.5,
  }),
  hit({
    target: '/img/hero@2x.webp',
    contentType: 'image/webp',
    ttlSeconds: 3480,
    bodyBytes: 212_000,
    durationMs: 0.9,
  }),
  hit({
    target: '/img/p-42.webp',
    status: 304,
    reason: 'not-modified',
    contentType: 'image/webp',
    bodyBytes: 0,
  }),
  {
    target: '/v2/recommendations',
    status: 504,
    outcome: 'ERROR',
    reason: 'origin-error',
    forward: 'uri-miss',
    bodyBytes: 118,
    durationMs: 10_004,
    error: {
      code: 'origin_timeout',
      message: 'The origin https://api.acme.dev did not answer GET /v2/recommendations within 10 s',
    },
  },
  miss({ target: '/v2/search?q=kaffee', bodyBytes: 18_300, durationMs: 233 }),
  hit({ target: '/v2/products/7', bodyBytes: 9800 }),
  hit({ target: '/v2/products/8', bodyBytes: 10_200 }),
  hit({
    target: '/v2/products/9',
    bodyBytes: 8700,
    reason: 'collapsed',
    collapsed: true,
    durationMs: 141,
    savedMs: 0,
  }),
  hit({ target: '/v2/feature-flags', ttlSeconds: 131, bodyBytes: 1100, durationMs: 0.3 }),
  hit({ target: '/v2/i18n/de.json', ttlSeconds: 3540, bodyBytes: 31_400, durationMs: 0.5 }),
  pass({
    target: '/socket',
    status: 101,
    reason: 'upgrade',
    facts: { protocol: 'websocket' },
    bodyBytes: 0,
    durationMs: 4,
  }),
  miss({ target: '/v2/products/42?locale=en', bodyBytes: 12_200, durationMs: 177 }),
  miss({
    target: '/v2/products?page=2',
    reason: 'expired',
    forward: 'stale',
    facts: { expiredForSeconds: 12, lifetimeSeconds: 300 },
    bodyBytes: 47_600,
    durationMs: 205,
  }),
  miss({
    target: '/v2/me',
    status: 401,
    stored: false,
    notStored: 'status-not-stored',
    ttlSeconds: null,
    bodyBytes: 92,
    durationMs: 64,
  }),
  pass({ target: '/v2/cart/items', method: 'OPTIONS', status: 204, bodyBytes: 0, durationMs: 52 }),
  hit({ target: '/v2/stores?near=berlin', ttlSeconds: 181, bodyBytes: 5500 }),
  hit({ target: '/v2/stores/3', ttlSeconds: 181, bodyBytes: 1900, durationMs: 0.3 }),
  hit({ target: '/v2/stores/3/opening-hours', reason: 'revalidated', bodyBytes: 640, durationMs: 38 }),
  miss({
    target: '/v2/invoices/2026-05',
    stored: false,
    notStored: 'response-no-store',
    ttlSeconds: null,
    bodyBytes: 84_200,
  }),
];

const PLAIN: Omit<ExchangeSummary, 'id' | 'startedAt' | 'target'> = {
  method: 'GET',
  status: 200,
  outcome: 'MISS',
  reason: 'no-stored-response',
  facts: {},
  forward: null,
  stored: false,
  notStored: null,
  collapsed: false,
  ttlSeconds: null,
  ageSeconds: null,
  contentType: 'application/json; charset=utf-8',
  bodyBytes: 0,
  durationMs: 0.4,
  savedMs: null,
  entryId: null,
  error: null,
};

/** Oldest first, as main sends them; the traffic repeats until there are enough. */
export function shopExchanges(count = SHOP.length): ExchangeSummary[] {
  return Array.from({ length: count }, (_, index) => {
    const age = count - 1 - index;
    const part = SHOP[age % SHOP.length] ?? { target: '/' };
    const entryId = part.outcome === 'HIT' || part.stored === true ? `entry-${age % SHOP.length}` : null;
    return { ...PLAIN, ...part, id: index, startedAt: STORY_TIME - age * 430, entryId };
  });
}

const LONG_PATH = `/v2/${'a-rather-long-collection-name/'.repeat(6)}?${'filter[attributes][colour]=aubergine&'.repeat(8)}page=1`;

/** Text that is longer than its place, everywhere it can be. */
export function longExchanges(): ExchangeSummary[] {
  return shopExchanges().map((exchange, index) =>
    index % 2 === 0
      ? { ...exchange, target: LONG_PATH, method: index % 4 === 0 ? 'GET' : 'PROPPATCH' }
      : exchange,
  );
}
