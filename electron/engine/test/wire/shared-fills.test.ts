/** Rows C14, C15, C17 and O05 of hostile-input.md against the built program, both ways in: many who wait for one answer. */
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bytes } from '../raw-origin';
import { send } from '../client';
import {
  again,
  bothWays,
  expectNotStored,
  first,
  okay,
  storedCount,
  untilStored,
  upstream,
  outcome,
} from './both-ways';
import { getBytes, RawClient } from './raw-client';
import type { WireResponse } from './read-responses';
import type { Wire } from './wire';

const WARM = getBytes('/warm');

/** An origin that answers nothing by itself: what it was asked under one target, in order. */
class Held {
  readonly #sockets: Socket[] = [];
  #changed = (): void => {};

  constructor(wire: Wire, target: string) {
    wire.origin.answer(target, (socket) => {
      this.#sockets.push(socket);
      this.#changed();
    });
  }

  /** Resolves when so many requests have come. */
  async asked(count: number): Promise<readonly Socket[]> {
    while (this.#sockets.length < count) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.#sockets;
  }
}

/** So many clients that have asked for the target. Each sends it in one segment behind a hit, so that with the hit's
 *  answer it has been read as well. */
async function waiting(wire: Wire, target: string, count: number): Promise<RawClient[]> {
  const clients = Array.from({ length: count }, () => new RawClient(wire.port));
  await Promise.all(
    clients.map(async (client) => {
      await client.send(WARM + getBytes(target));
      const { responses } = await client.responses(1);
      expect(responses[0]?.field('x-cache')).toBe('HIT');
    }),
  );
  // Whatever was read is on its way through the engine by the time that something later is answered.
  for (let times = 0; times < 3; times += 1) await wire.larder.status();
  return clients;
}

/** The answers for which they waited. */
async function answersOf(clients: readonly RawClient[]): Promise<WireResponse[]> {
  const answers = await Promise.all(clients.map(async (client) => (await client.responses(2)).responses[1]));
  await Promise.all(clients.map((client) => client.leave()));
  return answers.map((answer) => answer!);
}

describe('policy respect, both ways', () => {
  const both = bothWays({ policy: 'respect' });

  for (const [control, fields] of [
    ['private', []],
    ['private, max-age=60', ['ETag: "1"']],
    ['no-store', []],
  ] as const) {
    it(
      `C14 50 collapsed GETs, the response is ${control}: each gets its own`,
      both(async (wire) => {
        const target = `/C14/${control.replaceAll(' ', '')}`;
        const held = new Held(wire, target);
        const clients = await waiting(wire, target, 50);
        const own = (socket: Socket, index: number) =>
          socket.write(okay(`for ${index}`, `Cache-Control: ${control}`, ...fields));
        const [leader] = await held.asked(1);
        expect(upstream(wire, target)).toHaveLength(1);
        own(leader!, 0);
        const others = await held.asked(50);
        others.slice(1).forEach((socket, index) => own(socket, index + 1));
        const answers = await answersOf(clients);
        expect(new Set(answers.map(({ body }) => body)).size).toBe(50);
        expect(upstream(wire, target)).toHaveLength(50);
        expect(await storedCount(wire, target)).toBe(0);
        return [upstream(wire, target).length];
      }),
    );
  }
});

describe('policy override, both ways', () => {
  const both = bothWays();

  it(
    'C14 50 collapsed GETs of one user, and one of another: nobody gets the other’s',
    both(async (wire) => {
      const target = '/C14/users';
      const held = new Held(wire, target);
      const clients = await waiting(wire, target, 50);
      const other = new RawClient(wire.port);
      await other.send(WARM + getBytes(target, 'Cookie: sid=other'));
      const sockets = await held.asked(2);
      expect(upstream(wire, target).map((request) => request.field('cookie'))).toEqual([
        undefined,
        'sid=other',
      ]);
      sockets[1]!.write(okay('for other', 'Set-Cookie: sid=new'));
      sockets[0]!.write(okay('for all', 'Set-Cookie: sid=leader'));
      const answers = await answersOf(clients);
      expect(answers.map(({ body }) => body)).toEqual(answers.map(() => 'for all'));
      // Who waited gets no cookie that was meant for the first.
      expect(answers.filter((answer) => answer.field('set-cookie') !== undefined)).toHaveLength(1);
      const [own] = await answersOf([other]);
      expect([own?.body, own?.field('set-cookie')]).toEqual(['for other', 'sid=new']);
      return [own!, upstream(wire, target).length];
    }),
  );

  const BODY = 'half-'.repeat(20_000);
  const HALF = BODY.length / 2;
  const HEAD = `HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n`;

  it(
    'C15 the sole reader leaves at half: nothing is stored, the origin is left too',
    both(async (wire) => {
      const target = '/C15/sole';
      const held = new Held(wire, target);
      const [client] = await waiting(wire, target, 1);
      const [socket] = await held.asked(1);
      const left = new Promise((resolve) => socket!.once('close', resolve));
      socket!.write(HEAD + BODY.slice(0, HALF));
      await client!.until(/half-half-/);
      await client!.leave();
      const { reason, notStored } = await wire.larder.reported((exchange) => exchange.target === target);
      expect([reason, notStored]).toEqual(['client-left', 'incomplete']);
      await left;
      return expectNotStored(wire, target);
    }),
  );

  it(
    'C15 1 of 10 leaves at half: the other nine get all of it, and it is stored whole',
    both(async (wire) => {
      for (const [who, leaver] of [
        ['first', 0],
        ['follower', 5],
      ] as const) {
        const target = `/C15/${who}`;
        const held = new Held(wire, target);
        const clients = await waiting(wire, target, 10);
        const [socket] = await held.asked(1);
        socket!.write(HEAD + BODY.slice(0, HALF));
        await Promise.all(clients.map((client) => client.until(/half-half-/)));
        await clients[leaver]!.leave();
        await wire.larder.reported((exchange) => exchange.target === target);
        expect(await storedCount(wire, target)).toBe(0);
        socket!.write(BODY.slice(HALF));
        const answers = await answersOf(clients.filter((_, index) => index !== leaver));
        expect(answers.map(({ body }) => body === BODY)).toEqual(answers.map(() => true));
        await untilStored(wire, target);
        const hit = await again(wire, target);
        expect([hit.body === BODY, hit.field('x-cache'), upstream(wire, target).length]).toEqual([
          true,
          'HIT',
          1,
        ]);
      }
      return [await again(wire, '/C15/first')];
    }),
  );

  it(
    'C15 all 10 leave at half: nothing is stored',
    both(async (wire) => {
      const held = new Held(wire, '/C15/all');
      const clients = await waiting(wire, '/C15/all', 10);
      const [socket] = await held.asked(1);
      const left = new Promise((resolve) => socket!.once('close', resolve));
      socket!.write(HEAD + BODY.slice(0, HALF));
      await Promise.all(clients.map((client) => client.until(/half-half-/)));
      await Promise.all(clients.map((client) => client.leave()));
      await left;
      return expectNotStored(wire, '/C15/all');
    }),
  );

  const clears = [
    ['clear', (wire: Wire) => wire.larder.clear()],
    ['POST to it', unsafe],
  ] as const;
  const moments = [
    ['before the head', 0],
    ['within the head', 10],
    ['within the body', -3],
  ] as const;
  for (const [what, clear] of clears) {
    for (const [when, split] of moments) {
      it(
        `C17 ${what} ${when}: what was asked before is not stored after`,
        both(async (wire) => {
          const target = `/C17/${what.slice(0, 4)}/${split}`;
          const text = okay('before', 'ETag: "1"');
          const held = new Held(wire, target);
          const [client] = await waiting(wire, target, 1);
          const [socket] = await held.asked(1);
          const at = split < 0 ? text.length + split : split;
          if (at > 0) socket!.write(text.slice(0, at));
          if (split < 0) await client!.until(/bef$/);
          await clear(wire, target);
          socket!.write(text.slice(at));
          const [answer] = await answersOf([client!]);
          expect([answer?.status, answer?.body]).toEqual([200, 'before']);
          const { stored, notStored } = await wire.larder.reported(
            (exchange) => exchange.target === target && exchange.method === 'GET',
          );
          expect([stored, notStored]).toEqual([false, 'invalidated-meanwhile']);
          await wire.warm('/warm');
          return expectNotStored(wire, target);
        }),
      );
    }
  }

  it(
    'C17 clear while it is validated: the 304 brings nothing back',
    both(async (wire) => {
      const target = '/C17/304';
      wire.origin.answer(target, bytes(okay('before', 'ETag: "1"')));
      await first(wire, target);
      await untilStored(wire, target);
      const held = new Held(wire, target);
      const client = new RawClient(wire.port);
      await client.send(getBytes(target, 'Cache-Control: no-cache'));
      const [socket] = await held.asked(1);
      await wire.larder.clear();
      socket!.write('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n');
      // What it confirms is gone: the whole is asked for, and that was asked after the clear.
      const [, whole] = await held.asked(2);
      expect(upstream(wire, target)[2]?.field('if-none-match')).toBeUndefined();
      whole!.write(okay('after'));
      const { responses } = await client.responses(1);
      await client.leave();
      await untilStored(wire, target);
      await wire.warm('/warm');
      const hit = await again(wire, target);
      expect([outcome(responses[0]), outcome(hit)]).toEqual([
        [200, 'after', 'MISS'],
        [200, 'after', 'HIT'],
      ]);
      return [responses[0]!, hit];
    }),
  );
});

describe('O05, both ways', () => {
  const both = bothWays();

  // First, while no connection to the origin is kept: on one of those a request that fails is sent once more.
  for (const [what, end] of [
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['answers garbage', (socket: Socket) => socket.end('garbage\r\n\r\n')],
  ] as const) {
    it(
      `O05 1,000 misses at once on one key: one request upstream, it ${what}, all get 502`,
      both(async (wire) => {
        const target = `/O05/${what.slice(0, 6)}`;
        const held = new Held(wire, target);
        const clients = await waiting(wire, target, 1000);
        const [socket] = await held.asked(1);
        expect(upstream(wire, target)).toHaveLength(1);
        end(socket!);
        const answers = await answersOf(clients);
        expect(answers).toHaveLength(1000);
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([502]));
        expect(upstream(wire, target)).toHaveLength(1);
        return [answers.length, ...(await expectNotStored(wire, target))];
      }),
    );
  }

  it(
    'O05 1,000 misses at once on one key: one request upstream, all get its answer',
    both(async (wire) => {
      const held = new Held(wire, '/O05/sound');
      const clients = await waiting(wire, '/O05/sound', 1000);
      const [socket] = await held.asked(1);
      socket!.write(okay('for all'));
      const answers = await answersOf(clients);
      expect(answers).toHaveLength(1000);
      expect(new Set(answers.map((answer) => outcome(answer).join(' ')))).toEqual(
        new Set(['200 for all MISS']),
      );
      expect(upstream(wire, '/O05/sound')).toHaveLength(1);
      return [answers.length];
    }),
  );
});

/** POST that succeeds, while its target's GET waits. */
async function unsafe(wire: Wire, target: string): Promise<void> {
  wire.origin.answer(target, bytes(okay('')));
  await send(wire.port, target, { method: 'POST', body: 'x' });
}
