/** Runs a row against two built programs, one for each way in, and compares what their clients saw. */
import { afterAll, beforeAll, expect } from 'vitest';
import type { OriginRequest } from './exact-origin';
import { askOne, getBytes, RawClient } from './raw-client';
import type { WireResponse } from './read-responses';
import { startWire, WAYS, type Wire } from './wire';

/** What a row hands back to be compared: responses, or values that do not depend on the way. */
type Seen = readonly (WireResponse | string | number | boolean | null)[];

/** The body of a test that acts on both ways and compares; a failure names the way. */
type BothWays = (act: (wire: Wire) => Promise<Seen>) => () => Promise<void>;

/** A hit that every connection of `again` begins with: from then on the way in has it. */
const WARM = '/warm';

/** Two programs for the tests of the `describe` this is called in. @param settings further keys of the project file */
export function bothWays(settings: Readonly<Record<string, unknown>> = {}): BothWays {
  const wires = new Map<string, Wire>();
  beforeAll(async () => {
    await Promise.all(
      WAYS.map(async ({ way, fastPath }) => {
        const wire = await startWire(fastPath, settings);
        wires.set(way, wire);
        // With `respect` nothing is stored that does not say for how long. No connection to the origin is kept.
        const warm = okay('warm', 'Cache-Control: max-age=3600', 'Connection: close');
        wire.origin.answer(WARM, (socket) => socket.end(warm));
        await wire.warm(WARM);
      }),
    );
  });
  afterAll(async () => {
    for (const { way, fastPath } of WAYS) {
      const { larder, evil } = wires.get(way)!;
      const { fastHits } = await larder.status();
      expect([way, evil.connections(), fastHits > 0]).toEqual([way, 0, fastPath]);
    }
    await Promise.all([...wires.values()].map((wire) => wire.close()));
  });
  return (act) => async () => {
    const [on, off] = await Promise.all(WAYS.map(({ way }) => actOn(way, wires.get(way)!, act)));
    expect(on!.map(comparable)).toEqual(off!.map(comparable));
    on!.forEach((one, index) => expectSameLifetime(one, off![index]!));
  };
}

async function actOn(way: string, wire: Wire, act: (wire: Wire) => Promise<Seen>): Promise<Seen> {
  try {
    const seen = await act(wire);
    if (!wire.larder.alive()) throw new Error(`the program ended: ${wire.larder.stderr}`);
    return seen;
  } catch (error) {
    throw new Error(`${way}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Status line, fields in their order, and body; without what two moments and two origins differ in. */
function comparable(one: Seen[number]): unknown {
  if (one === null || typeof one !== 'object') return one;
  const fields = one.fields.map(([name, value]) => {
    if (name === 'Date' || name === 'Age') return name;
    return `${name}: ${value.replace(/ttl=-?\d+/, 'ttl').replace(/boundary=\S+/, 'boundary')}`;
  });
  const body = one.field('content-type')?.startsWith('multipart/') === true ? '' : one.body;
  return { status: one.status, reason: one.reason, fields, body };
}

/** Age and what is left of the lifetime make the lifetime, less a rounded part of a second. */
function expectSameLifetime(on: Seen[number], off: Seen[number]): void {
  const [left, right] = [on, off].map((one) => {
    if (one === null || typeof one !== 'object' || one.field('age') === undefined) return 0;
    return Number(one.field('age')) + Number(/ttl=(-?\d+)/.exec(one.field('cache-status') ?? '')?.[1] ?? 0);
  });
  expect(Math.abs(left! - right!)).toBeLessThanOrEqual(1);
}

/** 200 with a length. Bytes, for an origin. */
export function okay(body: string, ...fields: readonly string[]): string {
  return ['HTTP/1.1 200 OK', ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

/** Answers once, on a connection of its own. */
export function first(wire: Wire, target: string, ...fields: readonly string[]): Promise<WireResponse> {
  return askOne(wire.port, getBytes(target, ...fields));
}

/** Asks on a kept connection whose first answer was a hit, so that the fast path has it. */
export async function again(wire: Wire, target: string, ...fields: readonly string[]): Promise<WireResponse> {
  const [answer] = await onWarm(wire, [getBytes(target, ...fields)]);
  return answer!;
}

/** The answers to requests that are sent one after the other, each when the one before is answered, on such a
 *  connection; fewer where it is closed. */
export async function onWarm(
  wire: Wire,
  requests: readonly string[],
  methods: readonly string[] = requests.map((text) => text.slice(0, text.indexOf(' '))),
): Promise<readonly WireResponse[]> {
  const client = new RawClient(wire.port);
  try {
    await client.send(getBytes(WARM), undefined, ['GET']);
    let reply = await client.responses(1);
    expect(reply.responses[0]?.field('x-cache')).toBe('HIT');
    for (const [index, request] of requests.entries()) {
      await client.send(request, undefined, [methods[index] ?? 'GET']);
      reply = await client.responses(index + 2);
    }
    expect(reply.rest).toBe('');
    return reply.responses.slice(1);
  } finally {
    await client.leave();
  }
}

/** What most rows are about: status, body, and whether it was a hit. */
export function outcome(answer: WireResponse | undefined): readonly unknown[] {
  return [answer?.status, answer?.body, answer?.field('x-cache')];
}

/** What the origin was asked for this target. */
export function upstream(wire: Wire, target: string): readonly OriginRequest[] {
  return wire.origin.requests.filter((request) => request.target === target);
}

/** How many responses are stored under this target. */
export async function storedCount(wire: Wire, target: string): Promise<number> {
  const entries = await wire.larder.entries();
  return entries.filter(({ url }) => url === wire.origin.url + target).length;
}

/** Resolves when so many are stored under this target. */
export async function untilStored(wire: Wire, target: string, count = 1): Promise<void> {
  const url = wire.origin.url + target;
  await wire.larder.stored((entries) => entries.filter((entry) => entry.url === url).length === count);
}

/** Nothing is stored under the target: the next GET goes to the origin, and once that is sound, it is stored. */
export async function expectNotStored(wire: Wire, target: string): Promise<Seen> {
  expect(await storedCount(wire, target)).toBe(0);
  const before = upstream(wire, target).length;
  wire.origin.answer(target, (socket) => socket.write(okay('sound', 'Cache-Control: max-age=60')));
  const next = await again(wire, target);
  expect([next.status, next.body, next.field('x-cache')]).toEqual([200, 'sound', 'MISS']);
  expect(upstream(wire, target)).toHaveLength(before + 1);
  await untilStored(wire, target);
  const hit = await again(wire, target);
  expect([hit.status, hit.body, hit.field('x-cache')]).toEqual([200, 'sound', 'HIT']);
  return [next, hit];
}
