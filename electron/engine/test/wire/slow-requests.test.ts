/** Row S23 of hostile-input.md against the built program: clients that are slow, over both ways in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, getBytes, RawClient, type Reply } from './raw-client';
import { closeQuiet, startWire, WAYS, type Wire } from './wire';

const HIT = '/hit';
const LIMIT_MS = 1000;
/** Well below the limit, also where the machine is busy. */
const PAUSE_MS = 80;
/** Longer than the limit in all. */
const DRIPS = 15;
/** Timers may be early by so much. */
const ROUNDING_MS = 5;

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
const POST = (target: string): string => `POST ${target} HTTP/1.1\r\nHost: localhost\r\n`;

describe.each(WAYS)('a slow client, $way', ({ way, fastPath }) => {
  let wire: Wire;
  const starts: (() => void)[] = [];
  /** All clients are slow at the same time: each test waits for its own. */
  const together = <Outcome>(act: () => Promise<Outcome>): (() => Promise<Outcome>) => {
    let outcome: Promise<Outcome> | null = null;
    starts.push(() => {
      outcome = act();
      outcome.catch(() => {});
    });
    return () => outcome ?? Promise.reject(new Error('it was not begun'));
  };

  beforeAll(async () => {
    const limits = { headTimeoutMs: LIMIT_MS, bodyTimeoutMs: LIMIT_MS, idleTimeoutMs: LIMIT_MS };
    wire = await startWire(fastPath, { limits });
    await wire.warm(HIT);
    for (const start of starts) start();
  });
  afterAll(() => closeQuiet(wire));

  /** Sends this and no more; what came until the connection was closed, and when that was. */
  async function stall(text: string, drip = ''): Promise<{ reply: Reply; afterMs: number }> {
    const began = performance.now();
    const client = new RawClient(wire.port);
    await client.send(text);
    for (let index = 0; client.end === 'open' && index < drip.length; index += 1) {
      await pause();
      await client.send(drip.charAt(index));
    }
    const reply = await client.closed();
    const afterMs = performance.now() - began;
    await client.leave();
    return { reply, afterMs };
  }

  /** A hit first, on the same connection. */
  async function stallAfterHit(text: string): Promise<Reply> {
    const client = new RawClient(wire.port);
    await client.send(getBytes(HIT));
    const { responses } = await client.responses(1);
    expect(responses[0]?.field('x-cache')).toBe('HIT');
    await client.send(text);
    const reply = await client.closed();
    await client.leave();
    return { ...reply, responses: reply.responses.slice(1) };
  }

  const HEADS: readonly (readonly [string, string, string?])[] = [
    ['that says nothing', ''],
    ['whose request line does not end', 'GET /hi'],
    ['whose head does not end', `GET ${HIT} HTTP/1.1\r\nHost: localhost\r\n`],
    ['whose head lacks its last byte', getBytes(HIT).slice(0, -1)],
    ['whose head drips', '', getBytes(HIT)],
    ['whose fields have no end', `GET ${HIT} HTTP/1.1\r\nHost: localhost\r\n`, 'X-A: 1\r\n'.repeat(20)],
  ];
  for (const [what, text, drip] of HEADS) {
    const outcome = together(() => stall(text, drip));
    it(`S23 one ${what} gets a 408 at the limit, ${way}`, async () => {
      const { reply, afterMs } = await outcome();
      expect(reply.responses.map(({ status }) => status)).toEqual([408]);
      expect(reply.responses[0]?.field('connection')).toBe('close');
      expect(reply.rest).toBe('');
      expect(afterMs).toBeGreaterThan(LIMIT_MS - ROUNDING_MS);
    });
  }

  const BODIES: readonly (readonly [string, (target: string) => string])[] = [
    ['whose declared body does not begin', (target) => `${POST(target)}Content-Length: 10\r\n\r\n`],
    ['whose declared body does not end', (target) => `${POST(target)}Content-Length: 10\r\n\r\nabc`],
    ['whose chunks do not begin', (target) => `${POST(target)}Transfer-Encoding: chunked\r\n\r\n`],
    ['whose chunk does not end', (target) => `${POST(target)}Transfer-Encoding: chunked\r\n\r\n5\r\nabc`],
    [
      'whose last chunk does not come',
      (target) => `${POST(target)}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    ],
    [
      'whose trailers do not end',
      (target) => `${POST(target)}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-A: 1\r\n`,
    ],
    ['whose GET has a body that does not end', (target) => getBytes(target, 'Content-Length: 10') + 'abc'],
  ];
  BODIES.forEach(([what, text], index) => {
    const target = `/body/${index}`;
    const first = together(() => stall(text(target)));
    const second = together(() => stallAfterHit(text(`${target}/after`)));
    it(`S23 one ${what} gets a 408 at the limit, ${way}`, async () => {
      const { reply, afterMs } = await first();
      expect(reply.responses.map(({ status }) => status)).toEqual([408]);
      expect(reply.responses[0]?.field('connection')).toBe('close');
      expect(reply.rest).toBe('');
      expect(afterMs).toBeGreaterThan(LIMIT_MS - ROUNDING_MS);
      const upstream = wire.origin.requests.filter((request) => request.target === target);
      expect(upstream.filter(({ complete }) => complete)).toEqual([]);
    });
    it(`S23 one ${what}, after a hit, gets a 408, ${way}`, async () => {
      const { responses, rest } = await second();
      expect(responses.map(({ status }) => status)).toEqual([408]);
      expect(rest).toBe('');
    });
  });

  const SECONDS: readonly (readonly [string, string])[] = [
    ['request line', 'GET /hi'],
    ['head', getBytes(HIT).slice(0, -1)],
  ];
  for (const [what, text] of SECONDS) {
    const outcome = together(() => stallAfterHit(text));
    it(`S23 one whose second ${what} does not end gets a 408, ${way}`, async () => {
      const { responses, rest } = await outcome();
      expect(responses.map(({ status }) => status)).toEqual([408]);
      expect(rest).toBe('');
    });
  }

  const silent = together(() => stallAfterHit(''));
  it(`S23 one that has no more to ask is left without a word, ${way}`, async () => {
    const { responses, rest, end } = await silent();
    expect({ responses, rest, end }).toEqual({ responses: [], rest: '', end: 'closed' });
  });

  const dripping = together(async () => {
    const client = new RawClient(wire.port);
    await client.send(`${POST('/drip')}Content-Length: ${DRIPS}\r\n\r\n`);
    for (let index = 0; index < DRIPS; index += 1) {
      await pause();
      await client.send('x');
    }
    const reply = await client.responses(1);
    await client.leave();
    return reply;
  });
  it(`S23 one whose body drips, no pause as long as the limit, is answered, ${way}`, async () => {
    const { responses } = await dripping();
    expect(responses[0]).toMatchObject({ status: 200, body: 'hello /drip' });
  });

  const patient = together(() => {
    wire.origin.answer('/long', (socket) => {
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlong'), LIMIT_MS * 2);
    });
    return ask(wire.port, `${POST('/long')}Content-Length: 3\r\n\r\nabc`, { responses: 1 });
  });
  it(`S23 an answer that is long in coming is no fault of the client, ${way}`, async () => {
    const { responses } = await patient();
    expect(responses[0]).toMatchObject({ status: 200, body: 'long' });
  });

  it(`S23 what was begun upstream is given up, nothing is stored, and Larder goes on, ${way}`, async () => {
    expect((await wire.larder.entries()).map(({ url }) => url)).toEqual([`${wire.origin.url}${HIT}`]);
    await wire.warm(HIT);
    expect(wire.larder.alive()).toBe(true);
  });
});
