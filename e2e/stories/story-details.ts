/** Details of one exchange for stories: a miss because the language differs, and a hit. */
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import type { NearestStored } from '../../shared/nearest-stored';
import { shopExchanges } from './story-exchanges';
import { STORY_TIME } from './story-stage';

const NEWEST = shopExchanges().at(-1) as ExchangeSummary;

export const MISS_DETAILS: ExchangeDetails = {
  summary: NEWEST,
  originUrl: `https://api.acme.dev${NEWEST.target}`,
  requestFields: [
    ['Host', 'localhost:3000'],
    ['Connection', 'keep-alive'],
    ['Accept', 'application/json'],
    ['Accept-Language', 'de'],
    ['Cache-Control', 'max-age=0'],
    ['Cookie', 'session=8f2c6b1e; theme=dark'],
    ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'],
    ['Accept-Encoding', 'gzip, deflate, br'],
  ],
  statusText: 'OK',
  responseFields: [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['Cache-Control', 'public, max-age=60, stale-while-revalidate=30'],
    ['ETag', '"p42-de-7"'],
    ['Vary', 'Accept-Language'],
    ['Date', 'Mon, 18 May 2026 14:02:31 GMT'],
    ['Server', 'acme-gateway'],
    ['X-Cache', 'MISS'],
    ['Cache-Status', 'larder; fwd=vary-miss; fwd-status=200; stored; ttl=300'],
    ['Via', '1.1 larder'],
  ],
  cacheKey: 'GET https://api.acme.dev/v2/products/42?locale=de',
  cacheStatus: 'larder; fwd=vary-miss; fwd-status=200; stored; ttl=300',
  timing: {
    firstByteMs: 171,
    totalMs: 184,
    connection: 'new',
    phases: [
      { phase: 'waiting', ms: 0.6 },
      { phase: 'connecting', ms: 42 },
      { phase: 'first-byte', ms: 128.4 },
      { phase: 'download', ms: 13 },
    ],
  },
  body: 'whole',
};

export const NEAREST: NearestStored = {
  entryId: 'entry-3',
  url: 'https://api.acme.dev/v2/products/42?locale=de',
  storedAt: STORY_TIME - 41_000,
  differences: [{ kind: 'field', name: 'accept-language', here: 'de', there: 'en-US', secret: false }],
};
