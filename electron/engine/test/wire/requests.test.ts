/** Rows S01 to S22 of hostile-input.md, those that are refused, against the built program and over both ways in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, byteByByte, getBytes, RawClient, type Reply } from './raw-client';
import { HIT, REFUSED, type RefusedRow } from './request-rows';
import { startTranscript } from './transcript';
import { closeQuiet, startWire, WAYS, type Wire } from './wire';

/** Longer heads are not sent byte by byte: it would take long, and shows no more. */
const LONGEST_IN_BYTES = 400;
const HIT_BYTES = getBytes(HIT);
/** What comes after a refusal is not looked at. */
const SMUGGLED = 'POST /smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';

/** Sends the bytes in one of the situations in which they may come; what was answered before them is looked at here. */
type Situation = (wire: Wire, bytes: string, methods: readonly string[]) => Promise<Reply>;

const alone: Situation = (wire, bytes, methods) => ask(wire.port, bytes, { methods });

const afterHit: Situation = async (wire, bytes, methods) => {
  const client = new RawClient(wire.port);
  await client.send(HIT_BYTES, undefined, ['GET']);
  expectHit(await client.responses(1));
  await client.send(bytes, undefined, methods);
  const reply = await client.closed();
  await client.leave();
  return withoutFirst(reply);
};

const behindHit: Situation = async (wire, bytes, methods) => {
  const reply = await ask(wire.port, HIT_BYTES + bytes, { methods: ['GET', ...methods] });
  expectHit(reply);
  return withoutFirst(reply);
};

function expectHit({ responses }: Reply): void {
  expect(responses[0]).toMatchObject({ status: 200, body: `hello ${HIT}` });
  expect(responses[0]?.field('x-cache')).toBe('HIT');
}

const inBytes: Situation = async (wire, bytes, methods) => {
  const options = { methods: ['GET', ...methods], pieces: byteByByte };
  const reply = await ask(wire.port, HIT_BYTES + bytes, options);
  expectHit(reply);
  return withoutFirst(reply);
};

const ahead: Situation = (wire, bytes, methods) => ask(wire.port, bytes + SMUGGLED, { methods });

const withoutFirst = (reply: Reply): Reply => ({ ...reply, responses: reply.responses.slice(1) });

const SITUATIONS: readonly (readonly [string, Situation])[] = [
  ['alone', alone],
  ['as the second request, after a hit', afterHit],
  ['in one segment with a hit', behindHit],
  ['byte by byte, behind a hit', inBytes],
  ['with a sound request behind it', ahead],
];

const transcript = startTranscript();

async function expectRefused(
  wire: Wire,
  row: RefusedRow,
  [name, situation]: (typeof SITUATIONS)[number],
): Promise<void> {
  const bytes = row.bytes.replaceAll('EVIL', `127.0.0.1:${wire.evil.port}`);
  const reply = await situation(wire, bytes, [bytes.slice(0, bytes.indexOf(' '))]);
  const { responses, rest, end } = reply;
  transcript.note(wire, `${row.id} ${row.what}, ${name}`, reply);
  expect(responses.map(({ status }) => status)).toHaveLength(1);
  expect(row.statuses).toContain(responses[0]?.status);
  expect(responses[0]?.field('connection')).toBe('close');
  expect(rest).toBe('');
  // Who goes on sending after the answer may find the connection reset.
  expect(end).not.toBe('open');
}

/** Nothing went upstream (or only what was never ended), nobody spoke to evil, only the hit is stored, Larder goes on. */
async function expectUntouched(wire: Wire, asked: number, row: RefusedRow): Promise<void> {
  expect((await wire.larder.entries()).map(({ url }) => url)).toEqual([`${wire.origin.url}${HIT}`]);
  const upstream = wire.origin.requests.slice(asked);
  const meant = row.begun ? upstream.filter(({ complete }) => complete) : upstream;
  expect(meant.map(({ head }) => head)).toEqual([]);
  expect(wire.evil.connections()).toBe(0);
  expect(wire.larder.alive()).toBe(true);
  expect(wire.larder.stderr).toBe('');
}

describe.each(WAYS)('requests that must be refused, $way', ({ way, fastPath }) => {
  let wire: Wire;
  beforeAll(async () => {
    wire = await startWire(fastPath);
    await wire.warm(HIT);
  });
  afterAll(() => closeQuiet(wire));

  for (const row of REFUSED) {
    it(`${row.id} ${row.what}, ${way}`, async () => {
      const asked = wire.origin.requests.length;
      const failures: string[] = [];
      for (const situation of SITUATIONS) {
        if (situation[1] === inBytes && row.bytes.length > LONGEST_IN_BYTES) continue;
        await expectRefused(wire, row, situation).catch((error: Error) =>
          failures.push(`${situation[0]}: ${error.message}`),
        );
      }
      if (failures.length > 0) throw new Error(failures.join('\n'));
      await expectUntouched(wire, asked, row);
    });
  }

  it(`nothing behind a refusal ever went upstream, ${way}`, () => {
    expect(wire.origin.requests.map(({ target }) => target)).not.toContain('/smuggled');
  });

  it(`only the hit was ever reported as stored, ${way}`, () => {
    const stored = wire.larder.exchanges().filter((exchange) => exchange.stored);
    expect(stored.map(({ target }) => target)).toEqual([HIT]);
  });

  it(`the hits were answered ahead of node:http where that is asked for, ${way}`, async () => {
    const { fastHits } = await wire.larder.status();
    if (fastPath) expect(fastHits).toBeGreaterThan(REFUSED.length);
    else expect(fastHits).toBe(0);
  });
});

describe('requests that must be refused, both ways in compared', () => {
  it('S01 to S22: clients are sent the same bytes', () => {
    expect(transcript.compared()).toBeGreaterThan(REFUSED.length * (SITUATIONS.length - 1));
    expect(transcript.differences().join('\n')).toBe('');
  });
});
