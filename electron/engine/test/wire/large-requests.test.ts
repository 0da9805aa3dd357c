/** Row S24 of hostile-input.md against the built program: bodies over the cap, over both ways in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, getBytes, RawClient, type Reply } from './raw-client';
import { closeQuiet, startWire, WAYS, type Wire } from './wire';

const HIT = '/hit';
const CAP = 64 * 1024 * 1024;
const PIECE = 64 * 1024;
const POST = (target: string): string => `POST ${target} HTTP/1.1\r\nHost: localhost\r\n`;
const PIECE_TEXT = 'x'.repeat(PIECE);
const CHUNK = `${PIECE.toString(16)}\r\n${PIECE_TEXT}\r\n`;

describe.each(WAYS)('a body over the cap, $way', ({ way, fastPath }) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(fastPath);
    await wire.warm(HIT);
  });
  afterAll(() => closeQuiet(wire));

  /** Sends the head and then as many pieces as it is let, and one more than the cap holds. */
  async function sendTooMuch(head: string, piece: string): Promise<Reply> {
    const client = new RawClient(wire.port);
    await client.send(getBytes(HIT));
    await client.responses(1);
    await client.send(head);
    for (let sent = 0; sent <= CAP && client.end === 'open' && client.socket.writable; sent += PIECE) {
      await client.send(piece);
    }
    const reply = await client.closed();
    await client.leave();
    return { ...reply, responses: reply.responses.slice(1) };
  }

  const DECLARED: readonly (readonly [string, string])[] = [
    ['one byte over the cap', `${POST('/row')}Content-Length: ${CAP + 1}\r\n\r\n`],
    ['of 8 petabytes', `${POST('/row')}Content-Length: 9007199254740991\r\n\r\n`],
    ['over the cap, of a GET of a hit', getBytes(HIT, `Content-Length: ${CAP + 1}`)],
    [
      'over the cap that waits for a 100',
      `${POST('/row')}Expect: 100-continue\r\nContent-Length: ${CAP + 1}\r\n\r\n`,
    ],
  ];
  for (const [what, head] of DECLARED) {
    it.concurrent(`S24 a declared body ${what}, ${way}`, async () => {
      const all = [head, getBytes(HIT) + head, `${head}the first of it`];
      const replies = await Promise.all(all.map((bytes) => ask(wire.port, bytes)));
      replies.forEach(({ responses, rest }, index) => {
        const refusal = responses.at(-1);
        expect(refusal).toMatchObject({ status: 413, interim: [] });
        expect(refusal?.field('connection')).toBe('close');
        const ahead = index === 1 ? [`hello ${HIT}`] : [];
        expect(responses.slice(0, -1).map(({ body }) => body)).toEqual(ahead);
        expect(rest).toBe('');
      });
    });
  }

  it(`S24 nothing of them went upstream, ${way}`, () => {
    const others = wire.origin.requests.filter(
      ({ field, target }) => target !== HIT || field('content-length') !== undefined,
    );
    expect(others).toEqual([]);
  });

  // Memory is read where Linux tells it.
  it.runIf(process.platform === 'linux').each([
    ['declared', `${POST('/declared')}Content-Length: ${CAP + PIECE}\r\n\r\n`, PIECE_TEXT],
    ['chunked', `${POST('/chunked')}Transfer-Encoding: chunked\r\n\r\n`, CHUNK],
    ['chunked, of a GET of a hit', getBytes(HIT, 'Transfer-Encoding: chunked'), CHUNK],
  ])(
    `S24 a body, %s, that is sent all the same takes less than one cap of memory, ${way}`,
    async (_what, head, piece) => {
      const before = wire.origin.requests.length;
      wire.larder.forgetPeak();
      const { now } = wire.larder.memory();
      const { responses, rest } = await sendTooMuch(head, piece);
      expect(wire.larder.memory().peak - now).toBeLessThan(CAP);
      expect(responses.map(({ status }) => status)).toEqual([413]);
      expect(responses[0]?.field('connection')).toBe('close');
      expect(rest).toBe('');
      expect(wire.origin.requests.slice(before).filter(({ complete }) => complete)).toEqual([]);
      expect((await wire.larder.entries()).map(({ url }) => url)).toEqual([`${wire.origin.url}${HIT}`]);
      await wire.warm(HIT);
    },
  );
});
