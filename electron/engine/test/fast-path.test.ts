/** The fast path beside the careful way: the same bytes, the same events, and what it leaves to the other. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeDetails, ExchangeSummary } from '../../../shared/exchange-summary';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

const START = Date.UTC(2026, 0, 1);
const open = new Set<{ close(): Promise<void> }>();

async function start(settings: Partial<Settings> = {}): Promise<EngineUnderTest> {
  const larder = await startEngineUnderTest({ settings, startTime: START });
  open.add(larder);
  return larder;
}

afterEach(async () => {
  for (const one of open) await one.close();
  open.clear();
});

const get = (target: string, ...fields: string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
const last = (target: string, ...fields: string[]): string => get(target, ...fields, 'Connection: close');
const fastHits = ({ engine }: EngineUnderTest): number => engine.status().counters.fastHits;

/** A connection that stays open, and what has come on it. */
async function dial({ port }: EngineUnderTest): Promise<{ socket: Socket; came: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, came: () => text };
}

const responsesIn = (text: string): number => text.split('HTTP/1.1 ').length - 1;

describe('the fast path and the careful way', () => {
  it.each([
    ['a hit', ['/a'], []],
    ['one behind which the connection stays', ['/a', '/a'], []],
    ['a policy that obeys the origin', ['/a'], [], { policy: 'respect' as const }],
    [
      'fields that are nobody’s business',
      ['/a'],
      ['User-Agent: x', 'Accept-Language: de, en;q=0.5', 'Cookie: _ga=1'],
    ],
    ['a user of one’s own', ['/a'], ['Authorization: Basic YTpi', 'Cookie: session=1']],
    ['a host of one’s own', ['/a'], ['X: y'], {}, 'api.test'],
    ['a large body', ['/large'], []],
    ['an empty body', ['/empty'], []],
    ['an error that is kept', ['/error'], [], { errorTtlSeconds: 60 }],
    ['a redirect', ['/redirect'], []],
    ['latin1 in the head', ['/latin1'], []],
    ['repeated fields', ['/repeated'], []],
  ])('send the same bytes: %s', async (_what, targets, fields, settings = {}, host = 'localhost') => {
    const bytes: string[] = [];
    for (const fastPath of [true, false]) {
      const larder = await start({ ...settings, fastPath });
      larder.origin.answer((request, response) => {
        response.setHeader('Cache-Control', 'max-age=60').setHeader('ETag', '"1"').sendDate = false;
        if (request.url === '/large') response.end('x'.repeat(100_000));
        else if (request.url === '/empty') response.setHeader('Content-Length', 0).end();
        else if (request.url === '/error') response.writeHead(404, 'Not here').end('nothing');
        else if (request.url === '/redirect') response.writeHead(301, { Location: '/b' }).end();
        else if (request.url === '/latin1') response.setHeader('X-Name', 'caf\xe9').end('x');
        else
          response
            .writeHead(200, ['Link', '<a>', 'X-B', '2', 'link', '<b>', 'Content-Type', 'text/a'])
            .end('hello');
      });
      const request = (target: string, ...more: string[]): string =>
        get(target, ...fields, ...more).replace('Host: localhost', `Host: ${host}`);
      for (const target of targets) await sendRaw(larder.port, request(target, 'Connection: close'));
      await waitUntil(() => larder.engine.status().store.entries > 0);
      larder.clock.advance(7);
      const before = fastHits(larder);
      bytes.push(
        await sendRaw(
          larder.port,
          targets.map((target) => request(target)).join('') + request('/a', 'Connection: close'),
        ),
      );
      expect(fastHits(larder) - before > 0).toBe(fastPath);
    }
    expect(bytes[0]).toContain('X-Cache: HIT');
    expect(bytes[0]).toBe(bytes[1]);
  });

  it('answer HEAD alike, from what a GET has stored', async () => {
    const bytes: string[] = [];
    for (const fastPath of [true, false]) {
      const larder = await start({ fastPath });
      larder.origin.answer((_request, response) => {
        response.sendDate = false;
        response.end('hello');
      });
      await larder.get('/a');
      await larder.stored(1);
      bytes.push(await sendRaw(larder.port, last('/a').replace('GET', 'HEAD')));
      expect(fastHits(larder)).toBe(fastPath ? 1 : 0);
    }
    expect(bytes[0]).toMatch(/Content-Length: 5\r\n(?:.*\r\n)*\r\n$/i);
    expect(bytes[0]).toBe(bytes[1]);
  });

  it('report the same', async () => {
    const told: [ExchangeSummary, ExchangeDetails | null, unknown][] = [];
    for (const fastPath of [true, false]) {
      const larder = await start({ fastPath });
      larder.origin.answer((_request, response) => {
        response.sendDate = false;
        response.setHeader('Content-Type', 'text/plain').end('hello');
      });
      await larder.get('/a?b=1');
      await larder.stored(1);
      larder.clock.advance(5);
      await sendRaw(
        larder.port,
        last('/a?b=1', 'Accept: text/plain', 'Cookie: session=1').replace('Cookie: session=1\r\n', ''),
      );
      await waitUntil(() => larder.exchanges.length === 2);
      const summary = larder.exchanges[1];
      if (summary === undefined) throw new Error('not reported');
      const details = larder.engine.exchangeDetails(summary.id);
      const { counters } = larder.engine.status();
      told.push([summary, details, [counters.hits, counters.misses, counters.savedBytes, counters.errors]]);
      expect(counters.fastHits).toBe(fastPath ? 1 : 0);
      expect(larder.engine.insights('5min').totals.hit).toBe(1);
      expect((await larder.engine.entries({ limit: 1 })).entries[0]?.hits).toBe(1);
    }
    const comparable = ([summary, details, sums]: (typeof told)[number]): unknown => {
      const own = { durationMs: 0, savedMs: 0, entryId: '', id: 0 };
      const key = (text: string | undefined): string | undefined => text?.replace(/:\d+/, '');
      return {
        summary: { ...summary, ...own },
        details: {
          ...details,
          summary: { ...details?.summary, ...own },
          originUrl: key(details?.originUrl),
          cacheKey: key(details?.cacheKey),
          timing: details?.timing.phases.map(({ phase }) => phase),
        },
        sums,
      };
    };
    const [fast, careful] = told;
    if (fast === undefined || careful === undefined) throw new Error('not told');
    expect(comparable(fast)).toEqual(comparable(careful));
  });
});

describe('the fast path', () => {
  let larder: EngineUnderTest;
  beforeEach(async () => {
    larder = await start();
    await larder.get('/a');
    await larder.stored(1);
  });

  it('answers requests that were sent ahead, in order, on one connection', async () => {
    await larder.get('/b');
    await larder.stored(2);
    const came = await sendRaw(larder.port, get('/a') + get('/b') + get('/a') + last('/b'));
    expect(came.match(/hello \/\w/g)).toEqual(['hello /a', 'hello /b', 'hello /a', 'hello /b']);
    expect(fastHits(larder)).toBe(4);
  });

  it('hands a miss over with all that came behind it, and answers everything once', async () => {
    const came = await sendRaw(larder.port, get('/a') + get('/new') + get('/a') + last('/other'));
    expect(came.match(/hello \/[a-z]+/g)).toEqual(['hello /a', 'hello /new', 'hello /a', 'hello /other']);
    expect(fastHits(larder)).toBe(1);
    expect(larder.origin.requests.map(({ url }) => url)).toEqual(['/a', '/new', '/other']);
  });

  it.each(Array.from({ length: get('/a').length - 1 }, (_, at) => at + 1))(
    'answers once a head that comes in two pieces, cut behind byte %i',
    async (at) => {
      const { socket, came } = await dial(larder);
      const request = last('/a');
      socket.write(request.slice(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(request.slice(at));
      await new Promise((resolve) => socket.once('close', resolve));
      expect(responsesIn(came())).toBe(1);
      expect(came()).toContain('hello /a');
    },
  );

  it.each([
    [
      'POST',
      'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi',
      'X-Cache: MISS',
    ],
    ['a range', last('/a', 'Range: bytes=0-1'), '206 Partial Content'],
    ['a condition', last('/a', 'If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT'), '304 Not Modified'],
    ['a directive', last('/a', 'Cache-Control: only-if-cached'), 'X-Cache: HIT'],
    ['HTTP/1.0', 'GET /a HTTP/1.0\r\n\r\n', 'X-Cache: HIT'],
    ['an endpoint', last('/.larder/status'), '"fastHits"'],
    ['a malformed head', 'GET /a HTTP/1.1\r\nHost : a\r\n\r\n', '400 Bad Request'],
  ])('leaves %s to the careful way, behind a hit too', async (_what, bytes, expected) => {
    const { socket, came } = await dial(larder);
    socket.write(get('/a'));
    await waitUntil(() => came().includes('hello /a'));
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(came()).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(came()).toContain(expected);
    expect(await sendRaw(larder.port, bytes)).toContain(expected);
    expect(fastHits(larder)).toBe(1);
  });

  it('gives no one a variant that is another’s', async () => {
    larder.origin.answer((request, response) => {
      response.setHeader('Vary', 'X-Kind').end(`kind ${String(request.headers['x-kind'])}`);
    });
    for (const kind of ['one', 'two']) await larder.get('/vary', { headers: { 'X-Kind': kind } });
    await larder.stored(3);
    const kinds = ['one', 'two', 'one', 'two'];
    const came = await sendRaw(
      larder.port,
      kinds.map((kind) => get('/vary', `X-Kind: ${kind}`)).join('') + last('/vary', 'X-Kind: one'),
    );
    expect(came.match(/kind [a-z]+/g)).toEqual([...kinds, 'one'].map((kind) => `kind ${kind}`));
    expect(fastHits(larder)).toBe(5);
  });

  it('gives no one what is another user’s', async () => {
    larder.origin.answer((request, response) => response.end(`for ${String(request.headers.authorization)}`));
    for (const user of ['ada', 'bob']) await larder.get('/me', { headers: { Authorization: user } });
    await larder.stored(3);
    const came = await sendRaw(
      larder.port,
      get('/me', 'Authorization: ada') + get('/me', 'Authorization: bob') + last('/me', 'Authorization: eve'),
    );
    expect(came.match(/for [a-z]+/g)).toEqual(['for ada', 'for bob', 'for eve']);
    expect(fastHits(larder)).toBe(2);
  });

  it('sends nothing whose time is over, and counts the seconds until then', async () => {
    const { socket, came } = await dial(larder);
    for (const [index, seconds] of [0, 1, 298].entries()) {
      larder.clock.advance(seconds);
      socket.write(get('/a'));
      await waitUntil(() => responsesIn(came()) === index + 1);
    }
    expect(came().match(/Age: \d+/g)).toEqual(['Age: 0', 'Age: 1', 'Age: 299']);
    expect(came().match(/ttl=\d+/g)).toEqual(['ttl=300', 'ttl=299', 'ttl=1']);
    larder.clock.advance(1);
    socket.write(last('/a'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(larder.origin.requests).toHaveLength(2);
    expect(fastHits(larder)).toBe(3);
  });

  it('sends nothing that was cleared, replaced or deleted meanwhile', async () => {
    const { socket, came } = await dial(larder);
    socket.write(get('/a'));
    await waitUntil(() => responsesIn(came()) === 1);
    await larder.engine.clear();
    larder.origin.answer((_request, response) => response.end('new'));
    socket.write(last('/a'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(came()).toMatch(/new$/);
    await larder.stored(1);
    expect(await sendRaw(larder.port, last('/a'))).toMatch(/new$/);
    expect(fastHits(larder)).toBe(2);
  });

  it('takes new settings at once', async () => {
    const { socket, came } = await dial(larder);
    socket.write(get('/a'));
    await waitUntil(() => responsesIn(came()) === 1);
    await larder.apply({ limits: { ...DEFAULT_SETTINGS.limits, idleTimeoutMs: 12_000 } });
    socket.write(get('/a'));
    await waitUntil(() => responsesIn(came()) === 2);
    expect(came().match(/timeout=\d+/g)).toEqual(['timeout=30', 'timeout=12']);
    await larder.apply({ fastPath: false });
    await sendRaw(larder.port, last('/a'));
    expect(fastHits(larder)).toBe(2);
    socket.destroy();
  });

  it('waits for a client that does not read, and forgets nothing of what it has asked', async () => {
    larder.origin.answer((_request, response) => response.end('x'.repeat(1_000_000)));
    await larder.get('/large');
    await larder.stored(2);
    const socket = connect(larder.port, '127.0.0.1');
    socket.pause();
    socket.write(get('/large').repeat(200));
    await waitUntil(() => fastHits(larder) > 0);
    // What was asked is not all answered while nothing is read: it would be held in memory.
    expect(larder.exchanges.length).toBeLessThan(150);
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
    await waitUntil(() => bytes > 200_000_000);
    await waitUntil(() => fastHits(larder) === 200);
    socket.destroy();
  });

  it('tells of a client that left before it had all', async () => {
    larder.origin.answer((_request, response) => response.end('x'.repeat(20_000_000)));
    await larder.get('/large');
    await larder.stored(2);
    const socket = connect(larder.port, '127.0.0.1');
    socket.pause();
    socket.write(get('/large'));
    await new Promise((resolve) => socket.once('readable', resolve));
    socket.resetAndDestroy();
    await waitUntil(() => larder.exchanges.length === 3);
    expect(larder.exchanges[2]).toMatchObject({ outcome: 'HIT', reason: 'client-left', status: 200 });
  });

  it('answers a client that has ended its side', async () => {
    const socket = connect({ port: larder.port, host: '127.0.0.1', allowHalfOpen: true });
    let came = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (came += chunk));
    socket.end(get('/a') + get('/a'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(responsesIn(came)).toBe(2);
  });

  it('ends connections behind their answer when the listener stops', async () => {
    const idle = await dial(larder);
    idle.socket.write(get('/a'));
    await waitUntil(() => responsesIn(idle.came()) === 1);
    const silent = await dial(larder);
    const ended = [idle, silent].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve)));
    await larder.engine.stop();
    await Promise.all(ended);
  });
});
