// The calls that bench/pure.mjs times, with arguments as they come: what a browser sends, what an API answers. The
// arguments take turns, so that a call is not made for one of them.

/** @typedef {typeof import('../../electron/engine/semantics/decide-reuse.ts')
 *   & typeof import('../../electron/engine/semantics/cache-key.ts')
 *   & typeof import('../../electron/engine/semantics/storable.ts')
 *   & typeof import('../../electron/engine/semantics/freshness.ts')
 *   & typeof import('../../electron/engine/semantics/cache-status.ts')
 *   & typeof import('../../electron/engine/semantics/cache-control.ts')
 *   & typeof import('../../electron/engine/semantics/stored-answer.ts')
 *   & typeof import('../../electron/engine/http/front/read-head.ts')} Modules */
/** @typedef {{ name: string, run: (turn: number) => unknown }} Case */

const NOW = 1_700_000_000_000;
const TURNS = 8;
const BASE = 'https://api.example.com/v1';
const SECRET = Buffer.alloc(32, 7);
const COOKIE_PATTERNS = ['*', '!_ga*', '!_gid'];
const OVERRIDE = /** @type {const} */ ({ policy: 'override', ttlSeconds: 300, errorTtlSeconds: null });
const RESPECT = /** @type {const} */ ({ policy: 'respect', ttlSeconds: null, errorTtlSeconds: null });

/** Eight of a kind, taken in turn.
 *  @template T
 *  @param {(number: number) => T} make
 *  @returns {(turn: number) => T} */
function inTurn(make) {
  const all = Array.from({ length: TURNS }, (_, number) => make(number));
  return (turn) => /** @type {T} */ (all[turn % TURNS]);
}

const target = inTurn((number) => `/items/${number}?page=${number % 3}`);

/** Names and values in turn, as they come.
 *  @param {Readonly<Record<string, string>>} fields
 *  @returns {string[]} */
const flat = (fields) => Object.entries(fields).flat();

/** @param {number} number
 *  @param {Readonly<Record<string, string>>} [more] */
const requestFields = (number, more = {}) =>
  flat({
    Host: 'localhost:3000',
    'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0',
    Accept: '*/*',
    'Accept-Encoding': 'gzip, deflate, br',
    Connection: 'keep-alive',
    Referer: `http://localhost/${number}`,
    ...more,
  });
const request = inTurn((number) => ({ method: 'GET', fields: requestFields(number), hasBody: false }));
const userRequest = inTurn((number) => ({
  method: 'GET',
  fields: requestFields(number, {
    Authorization: `Bearer token-${number}`,
    Cookie: `sid=${number}; _ga=GA1.2`,
  }),
  hasBody: false,
}));

/** @param {number} number */
const responseFields = (number) =>
  flat({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': '1024',
    ETag: `"${number}"`,
    Date: 'Tue, 14 Nov 2023 22:13:20 GMT',
    'Last-Modified': 'Mon, 13 Nov 2023 10:00:00 GMT',
    'Cache-Control': `public, max-age=${300 + number}`,
    Server: 'nginx/1.24.0',
    Vary: 'Accept-Encoding',
  });
const response = inTurn((number) => ({
  fields: responseFields(number),
  requestTime: NOW - 80,
  responseTime: NOW,
  status: 200,
}));
const storedResponse = inTurn((number) => ({
  id: `id-${number}`,
  key: `${BASE}/items/${number}`,
  partition: '',
  vary: [],
  method: /** @type {const} */ ('GET'),
  url: `${BASE}/items/${number}`,
  status: 200,
  statusText: 'OK',
  fields: responseFields(number),
  trailers: [],
  requestTime: NOW - 80,
  responseTime: NOW,
  initialAgeSeconds: 0,
  lifetimeSeconds: 300,
  lifetimeSource: /** @type {const} */ ('ttl'),
  mustValidate: false,
  forOneUser: false,
  partial: null,
  bodyBytes: 1024,
  originMs: 80,
}));

/** @param {Modules} engine
 *  @returns {readonly Case[]} */
export function cases(engine) {
  return [...onTheWayOfAHit(engine), ...onTheWayOfAMiss(engine)];
}

/** @param {Modules} engine
 *  @returns {readonly Case[]} */
function onTheWayOfAHit(engine) {
  const candidates = inTurn((number) => [storedResponse(number)]);
  const status = inTurn((number) => ({ hit: true, ttlSeconds: 300 - number / 3 }));
  return [
    ...readingHeads(engine),
    { name: 'cacheKey', run: (turn) => engine.cacheKey(BASE, target(turn)) },
    {
      name: 'partitionOf, nobody in particular',
      run: (turn) => engine.partitionOf(partition(request(turn).fields)),
    },
    {
      name: 'partitionOf, token and cookie',
      run: (turn) => engine.partitionOf(partition(userRequest(turn).fields)),
    },
    { name: 'requestCacheControl, none', run: (turn) => engine.requestCacheControl(request(turn).fields) },
    {
      name: 'decideReuse, fresh',
      run: (turn) =>
        engine.decideReuse({
          request: request(turn),
          candidates: candidates(turn),
          partition: '',
          policy: OVERRIDE,
          now: NOW + (turn % 1000),
        }),
    },
    { name: 'storedAnswer, whole', run: (turn) => engine.storedAnswer(request(turn), storedResponse(turn)) },
    { name: 'cacheStatus, hit', run: (turn) => engine.cacheStatus(status(turn)) },
  ];
}

/** @param {readonly string[]} fields */
function partition(fields) {
  const common = { policy: /** @type {const} */ ('override'), cookiePatterns: COOKIE_PATTERNS };
  return { fields, secret: SECRET, forwardedHost: null, ...common };
}

/** @param {Modules} engine
 *  @returns {readonly Case[]} */
function readingHeads({ HeadReader, KnownFields }) {
  const limits = { headBytes: 16_384, targetBytes: 8192 };
  const headOf = (/** @type {number} */ number, /** @type {number} */ client) => {
    const fields = requestFields(client);
    let text = `GET /items/${number} HTTP/1.1\r\n`;
    for (let at = 0; at < fields.length; at += 2) text += `${fields[at]}: ${fields[at + 1]}\r\n`;
    return Buffer.from(`${text}\r\n`);
  };
  const reader = new HeadReader(new KnownFields());
  const same = headOf(1, 1);
  const otherTargets = inTurn((number) => headOf(number, 1));
  const otherFields = inTurn((number) => headOf(number, number));
  return [
    { name: 'HeadReader.read, the same head again', run: () => reader.read(same, 0, limits) },
    { name: 'HeadReader.read, another target', run: (turn) => reader.read(otherTargets(turn), 0, limits) },
    {
      name: 'HeadReader.read, other fields, known',
      run: (turn) => reader.read(otherFields(turn), 0, limits),
    },
    {
      name: 'HeadReader.read, for the first time',
      run: (turn) => new HeadReader(new KnownFields()).read(otherFields(turn), 0, limits),
    },
  ];
}

/** @param {Modules} engine
 *  @returns {readonly Case[]} */
function onTheWayOfAMiss(engine) {
  const value = inTurn((number) => `public, max-age=${number}, s-maxage=600, stale-while-revalidate=30`);
  const miss = inTurn((number) => ({
    forward: /** @type {const} */ ('uri-miss'),
    forwardStatus: 200,
    stored: true,
    ttlSeconds: 300 - number,
  }));
  const storable = (/** @type {number} */ turn, /** @type {typeof OVERRIDE | typeof RESPECT} */ policy) =>
    engine.storable({
      request: request(turn),
      url: `${BASE}/items`,
      response: response(turn),
      policy,
      credentials: false,
    });
  return [
    {
      name: 'decideReuse, nothing stored',
      run: (turn) =>
        engine.decideReuse({
          request: request(turn),
          candidates: [],
          partition: '',
          policy: OVERRIDE,
          now: NOW,
        }),
    },
    { name: 'parseCacheControl', run: (turn) => engine.parseCacheControl(value(turn)) },
    { name: 'storable, override', run: (turn) => storable(turn, OVERRIDE) },
    { name: 'storable, respect', run: (turn) => storable(turn, RESPECT) },
    { name: 'storableFields', run: (turn) => engine.storableFields(response(turn).fields, OVERRIDE) },
    {
      name: 'freshnessLifetime, override',
      run: (turn) => engine.freshnessLifetime(response(turn), OVERRIDE),
    },
    { name: 'freshnessLifetime, respect', run: (turn) => engine.freshnessLifetime(response(turn), RESPECT) },
    { name: 'cacheStatus, miss', run: (turn) => engine.cacheStatus(miss(turn)) },
  ];
}
