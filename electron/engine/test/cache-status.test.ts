/** Exchanges of every outcome: what Cache-Status says on the wire (RFC 9211), and the sentence a person gets for it. */
import { parseList } from 'structured-headers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonSentence } from '../../../shared/reason-text';
import type { Settings } from '../../../shared/settings';
import type { ClientAnswer, ClientOptions } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import type { Answer } from './recording-origin';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest({ settings: { policy: 'respect' } });
  // Dates on the wire have whole seconds.
  larder.clock.advance(1 - (larder.clock.now() % 1000) / 1000);
  larder.origin.answer(sends({ 'Cache-Control': 'max-age=60', ETag: '"v1"' }));
});
afterEach(() => larder.close());

interface Case {
  readonly name: string;
  readonly status: string;
  readonly sentence: string;
  readonly settings?: Partial<Settings>;
  readonly prepare?: () => Promise<unknown>;
  readonly request?: ClientOptions;
}

const CASES: readonly Case[] = [
  {
    name: 'nothing stored',
    status: 'larder; fwd=uri-miss; fwd-status=200; stored; ttl=60',
    sentence: 'Nothing was stored for this request, so it went to the origin.',
  },
  {
    name: 'fresh',
    status: 'larder; hit; ttl=50',
    sentence: 'Answered from the store. It was stored 10 s ago and stays fresh for another 50 s.',
    prepare: () => storedFor(10),
  },
  {
    name: 'the client has it already',
    status: 'larder; hit; ttl=60',
    sentence:
      'The client already holds what is stored. Its own condition matched, so it got 304 Not Modified without a body.',
    prepare: () => storedFor(0),
    request: { headers: { 'If-None-Match': '"v1"' } },
  },
  {
    name: 'a range of what is stored',
    status: 'larder; hit; ttl=60',
    sentence: 'Answered from the store. It was stored 0 s ago and stays fresh for another 1 min.',
    prepare: () => storedFor(0),
    request: { headers: { Range: 'bytes=0-1' } },
  },
  {
    name: 'expired, and confirmed by the origin',
    status: 'larder; fwd=stale; fwd-status=304',
    sentence:
      'What was stored had to be validated. The origin answered 304 Not Modified, so the stored body was sent again.',
    prepare: async () => {
      await storedFor(70);
      larder.origin.answer((_request, response) =>
        response.writeHead(304, { ETag: '"v1"', Date: date() }).end(),
      );
    },
  },
  {
    name: 'expired, and changed',
    status: 'larder; fwd=stale; fwd-status=200; stored; ttl=60',
    sentence: 'The origin was asked whether what is stored still holds, and sent a new response.',
    prepare: () => storedFor(70),
  },
  {
    name: 'expired, without a validator',
    status: 'larder; fwd=stale; fwd-status=200; stored; ttl=60',
    sentence: 'What was stored expired 10 s ago, so the request went to the origin.',
    prepare: async () => {
      larder.origin.answer(sends({ 'Cache-Control': 'max-age=60' }));
      await storedFor(70);
    },
  },
  {
    name: 'reload',
    status: 'larder; fwd=request; fwd-status=200; stored; ttl=60',
    sentence: 'The request asks for a fresh response, so it went to the origin.',
    prepare: () => storedFor(0),
    request: { headers: { 'Cache-Control': 'no-cache' } },
  },
  {
    name: 'stale-while-revalidate',
    status: 'larder; hit; ttl=-10',
    sentence:
      'What was stored expired 10 s ago. It was sent at once, while a new one is fetched in the background.',
    prepare: async () => {
      larder.origin.answer(sends({ 'Cache-Control': 'max-age=60, stale-while-revalidate=30' }));
      await storedFor(70);
    },
  },
  {
    name: 'stale because the origin failed',
    status: 'larder; hit; ttl=-10; detail=origin_unreachable',
    sentence:
      'What was stored expired 10 s ago, and the origin failed: the stale response was sent instead of an error.',
    prepare: async () => {
      await storedFor(70);
      larder.origin.answer((_request, response) => response.writeHead(503).end());
    },
  },
  {
    name: 'stale because the request accepts it',
    status: 'larder; hit; ttl=-10',
    sentence: 'What was stored expired 10 s ago, but the request accepts stale responses (max-stale).',
    prepare: () => storedFor(70),
    request: { headers: { 'Cache-Control': 'max-stale' } },
  },
  {
    name: 'another variant',
    status: 'larder; fwd=vary-miss; fwd-status=200; stored; ttl=60',
    sentence:
      'Nothing stored matches the accept of this request. The nearest stored response was stored 5 s ago, at CLOCK.',
    prepare: async () => {
      larder.origin.answer(sends({ 'Cache-Control': 'max-age=60', Vary: 'Accept' }));
      await storedFor(5);
    },
    request: { headers: { Accept: 'text/html' } },
  },
  {
    name: 'only a part is stored',
    status: 'larder; fwd=partial; fwd-status=206; stored; ttl=60',
    sentence:
      'Only a part of it is stored (bytes 0-1/4), and the request needs more, so it went to the origin.',
    prepare: async () => {
      larder.origin.answer(sendsParts);
      await larder.get('/a', { headers: { Range: 'bytes=0-1' } });
      await larder.stored(1);
    },
  },
  {
    name: 'must be validated',
    status: 'larder; fwd=stale; fwd-status=304',
    sentence:
      'What was stored had to be validated. The origin answered 304 Not Modified, so the stored body was sent again.',
    prepare: async () => {
      larder.origin.answer(sends({ 'Cache-Control': 'no-cache', ETag: '"v1"' }));
      await storedFor(0);
      larder.origin.answer((_request, response) =>
        response.writeHead(304, { ETag: '"v1"', Date: date() }).end(),
      );
    },
  },
  {
    name: 'invalidated',
    status: 'larder; fwd=uri-miss; fwd-status=200; stored; ttl=60',
    sentence: 'What was stored had been removed by POST /a, so the request went to the origin.',
    prepare: async () => {
      await storedFor(0);
      await larder.get('/a', { method: 'POST' });
    },
  },
  {
    name: 'not cached by its method',
    status: 'larder; fwd=method; fwd-status=200',
    sentence: 'DELETE requests are passed to the origin: only GET and HEAD are answered from the store.',
    request: { method: 'DELETE' },
  },
  {
    name: 'no-store in the request',
    status: 'larder; fwd=request; fwd-status=200',
    sentence:
      'The request says Cache-Control: no-store, so it was passed to the origin and nothing of it is kept.',
    request: { headers: { 'Cache-Control': 'no-store' } },
  },
  {
    name: 'a condition for the origin',
    status: 'larder; fwd=bypass; fwd-status=200',
    sentence:
      'The request carries a condition that the store cannot answer (if-match), so it was passed to the origin.',
    request: { headers: { 'If-Match': '"v1"' } },
  },
  {
    name: 'not stored: private',
    status: 'larder; fwd=uri-miss; fwd-status=200',
    sentence:
      'Nothing was stored for this request, so it went to the origin. It was not stored: the origin says Cache-Control: private.',
    prepare: async () => larder.origin.answer(sends({ 'Cache-Control': 'private, max-age=60' })),
  },
  {
    name: 'only-if-cached',
    status: 'larder; fwd=uri-miss; detail=not_stored',
    sentence:
      'The request says only-if-cached and nothing usable is stored, so it was answered 504 without asking the origin.',
    request: { headers: { 'Cache-Control': 'only-if-cached' } },
  },
  {
    name: 'the origin fails',
    status: 'larder; fwd=uri-miss; detail=origin_unreachable',
    sentence: 'ORIGIN closed the connection before the response was complete.',
    prepare: async () => larder.origin.answer((request) => request.socket.destroy()),
  },
  {
    name: 'another user',
    status: 'larder; fwd=miss; fwd-status=200; stored; ttl=300',
    sentence:
      'A response is stored for this URL, but for a request with other credentials, so it was not used. It is kept apart for this user, by a hash of the credentials.',
    settings: { policy: 'override' },
    prepare: () => storedFor(0, { Authorization: 'Bearer one' }),
    request: { headers: { Authorization: 'Bearer two' } },
  },
];

describe('what is said of an exchange', () => {
  it.each(CASES)('$name', async ({ status, sentence, settings, prepare, request }) => {
    if (settings !== undefined) await larder.apply(settings);
    await prepare?.();
    const said = await exchange(request);
    expect(said.status).toBe(status);
    expect(said.sentence).toBe(sentence);
    expect(parseList(said.status)).toHaveLength(1);
  });

  it('names the cache key where the request asks for it, and does not tell the origin of that', async () => {
    const answer = await larder.get('/a?b=1', { headers: { 'Larder-Debug': 'key' } });
    const status = String(answer.headers['cache-status']);
    const [member] = parseList(status);
    expect(member?.[1].get('key')).toBe(`${larder.origin.url}/a?b=1`);
    expect(larder.origin.requests[0]?.headers['larder-debug']).toBeUndefined();
    expect((await larder.get('/a?b=1')).headers['cache-status']).not.toContain('key=');
  });
});

async function exchange(request: ClientOptions = {}): Promise<{ status: string; sentence: string }> {
  const told = larder.exchanges.length;
  const answer: ClientAnswer = await larder.get('/a', request);
  await waitUntil(() => larder.exchanges.length > told);
  const summary = larder.exchanges.at(-1);
  const sentence = summary === undefined ? '' : reasonSentence(summary);
  return {
    status: String(answer.headers['cache-status']),
    sentence: sentence.replace(/\d\d:\d\d:\d\d/, 'CLOCK').replace(larder.origin.url, 'ORIGIN'),
  };
}

/** Something is stored for `/a`, and that long ago. */
async function storedFor(seconds: number, headers: Record<string, string> = {}): Promise<void> {
  await larder.get('/a', { headers });
  await larder.stored(1);
  larder.clock.advance(seconds);
}

function date(): string {
  return new Date(larder.clock.now()).toUTCString();
}

function sends(headers: Record<string, string>): Answer {
  return (request, response) => {
    request.resume();
    response.writeHead(200, { Date: date(), ...headers, 'Content-Length': 4 });
    response.end(request.method === 'HEAD' ? undefined : 'body');
  };
}

const sendsParts: Answer = (request, response) => {
  const [, first = '0', last = '3'] = /^bytes=(\d)-(\d)$/.exec(request.headers.range ?? '') ?? [];
  const body = 'body'.slice(Number(first), Number(last) + 1);
  response.writeHead(206, {
    Date: date(),
    ETag: '"v1"',
    'Cache-Control': 'max-age=60',
    'Content-Range': `bytes ${first}-${last}/4`,
    'Content-Length': body.length,
  });
  response.end(body);
};
