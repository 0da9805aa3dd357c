/** Rows S10 to S22 of hostile-input.md, those that are answered, against the built program and over both ways in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes } from '../raw-origin';
import {
  ask,
  askOne,
  byteByByte,
  cutAt,
  getBytes,
  RawClient,
  type AskOptions,
  type Reply,
} from './raw-client';
import { startTranscript } from './transcript';
import { closeQuiet, startWire, WAYS, type Wire } from './wire';

const HIT = '/hit';
const GET = `GET ${HIT} HTTP/1.1\r\nHost: localhost\r\n`;
const LAST = getBytes(HIT, 'Connection: close');
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';

const PIECES: readonly (readonly [string, AskOptions['pieces']])[] = [
  ['in one segment', (all) => [all]],
  ['byte by byte', byteByByte],
  ['cut before the last request', cutAt(-LAST.length)],
];

const transcript = startTranscript();

/** Asks, and notes what came. */
async function noted(wire: Wire, text: string, options: AskOptions = {}): Promise<Reply> {
  const reply = await ask(wire.port, text, options);
  const cut = options.pieces?.(text).length ?? 1;
  transcript.note(wire, `${text} in ${cut}`, reply);
  return reply;
}

/** A hit ahead of the bytes and one behind them: what comes between must leave both as they are. */
async function between(wire: Wire, text: string, options: AskOptions = {}): Promise<Reply> {
  const methods = ['GET', ...(options.methods ?? ['GET']), 'GET'];
  return noted(wire, getBytes(HIT) + text + LAST, { ...options, methods });
}

function expectHit(response: Reply['responses'][number] | undefined): void {
  expect(response).toMatchObject({ status: 200, body: `hello ${HIT}` });
  expect(response?.field('x-cache')).toBe('HIT');
}

describe.each(WAYS)('requests that must be answered, $way', ({ way, fastPath }) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(fastPath);
    await wire.warm(HIT);
  });
  afterAll(() => closeQuiet(wire));

  const requestsOf = async (act: () => Promise<unknown>): Promise<Wire['origin']['requests']> => {
    const before = wire.origin.requests.length;
    await act();
    expect(wire.evil.connections()).toBe(0);
    expect(wire.larder.alive()).toBe(true);
    return wire.origin.requests.slice(before);
  };

  const TRAILERS = [
    'Content-Length: 5',
    'Host: evil',
    'Transfer-Encoding: chunked',
    'X-Cache: HIT',
    'Cookie: a=b',
  ];
  for (const trailer of TRAILERS) {
    it.each(['POST', 'GET'])(`S10 ${trailer} in the trailers of a %s, ${way}`, async (method) => {
      const text = `${method} ${HIT}-body HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n${trailer}\r\n\r\n`;
      for (const [, pieces] of PIECES) {
        const upstream = await requestsOf(async () => {
          const { responses, rest } = await between(wire, text, {
            methods: [method],
            ...(pieces && { pieces }),
          });
          expectHit(responses[0]);
          expect(rest).toBe('');
          if (responses[1]?.status === 400) return;
          expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
          expectHit(responses[2]);
        });
        for (const { raw, body, complete } of upstream) {
          expect(raw).not.toContain(trailer);
          expect(raw.match(/^host:/gim)).toHaveLength(1);
          if (complete) expect(body).toBe('abc');
        }
      }
    });
  }

  const TARGETS = [
    '//EVIL/x',
    '/\\EVIL/x',
    '/\\\\EVIL/x',
    '///EVIL/x',
    '//EVIL',
    '/@EVIL/',
    '/;@EVIL/x',
    '//user@EVIL/x',
    '/%2fEVIL/x',
    '/x/..//EVIL/x',
    '/http://EVIL/x',
  ];
  for (const target of TARGETS) {
    it(`S13 GET ${target}, ${way}`, async () => {
      const literal = target.replace('EVIL', `127.0.0.1:${wire.evil.port}`);
      const upstream = await requestsOf(async () => {
        const { responses } = await between(wire, getBytes(literal));
        expectHit(responses[0]);
        if (responses[1]?.status === 400) return;
        expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(responses[1]?.body).toBe(`hello ${literal}`);
      });
      if (upstream.length === 0) return;
      expect(upstream.map((request) => request.target)).toEqual([literal]);
      await wire.warm(literal);
      const reply = await between(wire, getBytes(literal));
      expect(reply.responses.map(({ body }) => body)).toEqual([
        `hello ${HIT}`,
        `hello ${literal}`,
        `hello ${HIT}`,
      ]);
      expect(wire.evil.connections()).toBe(0);
    });
  }

  it(`S12 a target in absolute form leaves the key of its path alone, ${way}`, async () => {
    const upstream = await requestsOf(async () => {
      await ask(wire.port, `GET http://127.0.0.1:${wire.evil.port}/s12 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const clean = await askOne(wire.port, getBytes('/s12'));
      expect(clean.field('x-cache')).toBe('MISS');
    });
    expect(upstream.map(({ target }) => target)).toEqual(['/s12']);
  });

  it(`S15 OPTIONS * is answered here, ${way}`, async () => {
    const upstream = await requestsOf(async () => {
      const { responses } = await between(wire, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect(responses).toHaveLength(3);
      expectHit(responses[0]);
      expect([200, 204]).toContain(responses[1]?.status);
      expectHit(responses[2]);
    });
    expect(upstream).toEqual([]);
  });

  it(`S16 bytes behind an upgrade are not relayed before a 101, and are no request, ${way}`, async () => {
    const heard = wire.origin.received().length;
    wire.origin.answer('/socket', (socket, head) => {
      // Another exchange goes all its way first: by then, what is relayed too early would be there.
      void askOne(wire.port, getBytes('/s16')).then(() =>
        bytes('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')(socket, head),
      );
    });
    const client = new RawClient(wire.port);
    await client.send(getBytes(HIT));
    expectHit((await client.responses(1)).responses[0]);
    await client.send(getBytes('/socket', 'Connection: Upgrade', 'Upgrade: websocket') + SMUGGLED);
    const { responses, rest, end } = await client.closed();
    expect(responses.map(({ status }) => status)).toEqual([200, 403]);
    expect({ rest, end }).toEqual({ rest: '', end: 'closed' });
    const relayed = wire.origin.received().slice(heard);
    expect(relayed).toContain('GET /socket ');
    expect(relayed).not.toContain('smuggled');
    await client.leave();
  });

  it(`S18 Expect: 100-continue is met, ${way}`, async () => {
    const client = new RawClient(wire.port);
    await client.send(getBytes(HIT));
    expectHit((await client.responses(1)).responses[0]);
    await client.send(
      'POST /s18 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
    );
    await client.until(/\r\n\r\n.*HTTP\/1\.1 100 Continue\r\n\r\n$/s);
    await client.send('abc');
    const { responses } = await client.responses(2);
    expect(responses[1]).toMatchObject({ status: 200, interim: [100] });
    expect(wire.origin.requests.at(-1)).toMatchObject({ target: '/s18', body: 'abc' });
    await client.leave();
  });

  const NAMES = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ];
  it.each([
    ['a hit', HIT],
    ['a miss', '/s20'],
  ])(`S20 fields named ${NAMES.join(', ')} on %s, a hundred times, ${way}`, async (_what, target) => {
    const lines = NAMES.map((name) => `${name}: 1`);
    const client = new RawClient(wire.port);
    for (let times = 1; times <= 100; times += 1) {
      const own = target === HIT ? target : `${target}?${times}&__proto__=1`;
      await client.send(getBytes(own, ...lines, `Connection: keep-alive, ${NAMES[times % NAMES.length]}`));
      const { responses } = await client.responses(times);
      expect(responses).toHaveLength(times);
      expect(responses.at(-1)).toMatchObject({ status: 200, body: `hello ${own}` });
    }
    await client.leave();
    expectHit(await askOne(wire.port, getBytes(HIT)));
  });

  const chunked = `Transfer-Encoding: chunked\r\n\r\n${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;
  const declared = `Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`;
  const UNREAD: readonly (readonly [string, string, string?])[] = [
    ['a declared body', `${GET}${declared}`],
    ['a chunked body', `${GET}${chunked}`],
    ['a declared body of a HEAD', `HEAD ${HIT} HTTP/1.1\r\nHost: localhost\r\n${declared}`, 'HEAD'],
    ['a declared body and a condition that holds', `${GET}If-None-Match: *\r\n${declared}`],
    ['a declared body and a range', `${GET}Range: bytes=0-1\r\n${declared}`],
  ];
  for (const [what, text, method = 'GET'] of UNREAD) {
    it.each(PIECES)(`S21 a hit with ${what}, %s, ${way}`, async (_how, pieces = byteByByte) => {
      const upstream = await requestsOf(async () => {
        const { responses, rest, end } = await noted(wire, text + LAST, { methods: [method], pieces });
        expect(responses).toHaveLength(2);
        expectHit(responses[1]);
        expect({ rest, end }).toEqual({ rest: '', end: 'closed' });
      });
      expect(upstream.map(({ target }) => target)).not.toContain('/smuggled');
      expect((await wire.larder.entries()).map(({ url }) => url).join(' ')).not.toContain('smuggled');
    });
  }

  const OWN: readonly (readonly [string, string])[] = [
    ['the status', 'GET /.larder/status HTTP/1.1\r\nHost: localhost\r\n'],
    ['an endpoint that is not there', 'GET /.larder/nothing HTTP/1.1\r\nHost: localhost\r\n'],
    ['an endpoint that takes another method', 'POST /.larder/status HTTP/1.1\r\nHost: localhost\r\n'],
    ['what may only be answered from the store', `${GET}Cache-Control: only-if-cached\r\n`],
  ];
  it.each(OWN)(`S21 the unread body of a request for %s, ${way}`, async (_what, head) => {
    for (const [, pieces] of PIECES) {
      const upstream = await requestsOf(async () => {
        const { responses, rest } = await ask(wire.port, head + declared + LAST, pieces ? { pieces } : {});
        // The connection may be closed with the body unread; what it holds is never a request.
        expect(responses.slice(1).map(({ body }) => body)).toEqual(
          responses.length === 2 ? [`hello ${HIT}`] : [],
        );
        expect(rest).toBe('');
      });
      expect(upstream).toEqual([]);
    }
  });

  const AT_THE_LIMIT: readonly (readonly [string, string])[] = [
    ['a URL of 8 KiB', getBytes(`${HIT}?`.padEnd(8192, 'a'))],
    ['200 fields', `${GET}${'a:b\r\n'.repeat(199)}\r\n`],
    ['one field of 15 KB', getBytes(HIT, `X: ${'x'.repeat(15_000)}`)],
  ];
  it.each(AT_THE_LIMIT)(`S22 %s is taken, ${way}`, async (_what, text) => {
    const { responses } = await between(wire, text);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it(`requests sent ahead are answered in their order, ${way}`, async () => {
    const targets = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? `/ahead/${index}` : HIT));
    for (const [, pieces] of PIECES) {
      const text = targets.map((target) => getBytes(target)).join('') + LAST;
      const { responses, rest } = await noted(wire, text, pieces ? { pieces } : {});
      expect(responses.map(({ body }) => body)).toEqual([...targets, HIT].map((target) => `hello ${target}`));
      expect(rest).toBe('');
    }
  });

  it(`hits are answered ahead of node:http where that is asked for, ${way}`, async () => {
    const { fastHits } = await wire.larder.status();
    if (fastPath) expect(fastHits).toBeGreaterThan(100);
    else expect(fastHits).toBe(0);
  });
});

describe('requests that must be answered, both ways in compared', () => {
  it('S10 to S22: clients are sent the same bytes', () => {
    expect(transcript.compared()).toBeGreaterThan(50);
    expect(transcript.differences().join('\n')).toBe('');
  });
});
