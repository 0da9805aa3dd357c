/** Rows C08 to C11 of hostile-input.md against the built program, both ways in: which of what is stored under one key
 *  answers, and what connections that had hits before see of changes (C11, C16, C17). */
import { describe, expect, it } from 'vitest';
import { bytes } from '../raw-origin';
import {
  again,
  bothWays,
  expectNotStored,
  first,
  okay,
  onWarm,
  storedCount,
  untilStored,
  upstream,
  outcome,
} from './both-ways';
import { ask, askOne, getBytes, RawClient } from './raw-client';
import type { WireResponse } from './read-responses';
import type { Wire } from './wire';

const both = bothWays();

describe('C08: Vary, both ways', () => {
  for (const vary of ['*', 'X-A, *', '*, X-A', ', *', 'X-A\r\nVary: *', 'X A', '"X-A"']) {
    it(
      `C08 Vary: ${JSON.stringify(vary)} never hits`,
      both(async (wire) => {
        const target = `/C08/star/${vary.length}${vary.charCodeAt(0)}`;
        wire.origin.answer(target, bytes(okay('own', `Vary: ${vary}`)));
        const answers = [await first(wire, target), await again(wire, target), await again(wire, target)];
        expect(answers.map((answer) => answer.field('x-cache'))).toEqual(['MISS', 'MISS', 'MISS']);
        expect(await storedCount(wire, target)).toBe(0);
        return answers;
      }),
    );
  }

  it(
    'C08 Vary on an absent field: absent, empty and any value differ',
    both(async (wire) => {
      const target = '/C08/absent';
      wire.origin.answer(target, (socket, _head, request) =>
        socket.write(okay(`got ${request.field('x-a')}`, 'Vary: X-A')),
      );
      const variants = [[], ['X-A:'], ['X-A: undefined'], ['X-A: -'], ['X-A: 1', 'X-A: 2'], ['X-A: 12']];
      const answers: WireResponse[] = [];
      for (const cache of ['MISS', 'HIT']) {
        for (const [index, fields] of variants.entries()) {
          const answer = await again(wire, target, ...fields);
          expect(answer.field('x-cache')).toBe(cache);
          if (cache === 'HIT') expect(answer.body).toBe(answers[index]?.body);
          answers.push(answer);
        }
        await untilStored(wire, target, variants.length);
      }
      return answers;
    }),
  );

  it(
    'C08 1,000 variants: 256 are kept, the last of them',
    both(async (wire) => {
      const target = '/C08/many';
      wire.origin.answer(target, (socket, _head, request) =>
        socket.write(okay(`variant ${request.field('x-a')}`, 'Vary: X-A')),
      );
      const variant = (number: number) => getBytes(target, `X-A: ${number}`);
      for (let done = 0; done < 1000; done += 100) {
        const requests = Array.from({ length: 100 }, (_, index) => variant(done + index));
        const { responses } = await ask(wire.port, requests.join(''), { responses: 100 });
        expect(responses.map(({ body }) => body)).toEqual(
          requests.map((_, index) => `variant ${done + index}`),
        );
      }
      await untilStored(wire, target, 256);
      expect(upstream(wire, target)).toHaveLength(1000);
      const answers = await onWarm(wire, [variant(999), variant(0)]);
      expect(answers.map(outcome)).toEqual([
        [200, 'variant 999', 'HIT'],
        [200, 'variant 0', 'MISS'],
      ]);
      return [answers[0]!];
    }),
  );
});

describe('C09: a broken Accept-Encoding is an ordinary key, both ways', () => {
  const values = [
    ';;;',
    ',',
    '',
    'gzip;q=',
    'gzip;q=2',
    'gzip;;q=1',
    'gzip;q=1;q=0',
    'gzip;q=-1',
    '*;q=0',
    '"gzip"',
    'gzip br',
    'g\xffzip',
    '%67zip',
    'x'.repeat(5000),
  ];
  for (const [index, value] of values.entries()) {
    it(
      `C09 ${JSON.stringify(value.slice(0, 20))}`,
      both(async (wire) => {
        const target = `/C09/${index}`;
        wire.origin.answer(target, (socket, _head, request) =>
          socket.write(okay(`got ${request.field('accept-encoding')}`, 'Vary: Accept-Encoding'), 'latin1'),
        );
        const broken = `Accept-Encoding: ${value}`;
        const requests = [getBytes(target, broken), getBytes(target, 'Accept-Encoding: gzip')];
        const misses = await onWarm(wire, requests);
        await untilStored(wire, target, 2);
        const hits = await onWarm(wire, requests);
        const own = [`got ${value}`, 'got gzip'];
        expect(misses.map(outcome)).toEqual(own.map((body) => [200, body, 'MISS']));
        expect(hits.map(outcome)).toEqual(own.map((body) => [200, body, 'HIT']));
        return [...misses, ...hits];
      }),
    );
  }
});

describe('C10: ranges, both ways', () => {
  const WHOLE = 'abcdefghij'.repeat(200);
  const apart = `bytes=${Array.from({ length: 1000 }, (_, index) => `${2 * index}-${2 * index}`).join()}`;
  const ranges = [
    ['one', 'bytes=0-1', 206],
    ['suffix', 'bytes=-2', 206],
    ['suffix longer than the body', 'bytes=-999999', 206],
    ['overlapping', 'bytes=0-5,3-8,0-9', 206],
    ['the same twice', 'bytes=0-1,0-1', 206],
    ['apart', 'bytes=0-0,5-5', 206],
    ['1,000 ranges', apart, 200],
    ['1,000 times the same', `bytes=${'0-9,'.repeat(999)}0-9`, 200],
    ['beyond the end', 'bytes=2000-', 416],
    ['backwards', 'bytes=5-2', 200],
    ['of no bytes', 'lines=0-1', 200],
    ['garbage', 'bytes=a-b', 200],
  ] as const;
  for (const [index, [what, range, status]] of ranges.entries()) {
    it(
      `C10 ${what}: a 206 is never replayed as 200`,
      both(async (wire) => {
        const target = `/C10/${index}`;
        wire.origin.answer(target, (socket, _head, request) => {
          if (request.field('range') === undefined) socket.write(okay(WHOLE));
          else
            socket.write(
              okay('ab', 'Content-Range: bytes 0-1/2000').replace('200 OK', '206 Partial Content'),
            );
        });
        const part = await first(wire, target, `Range: ${range}`);
        expect([part.status, part.body]).toEqual([206, 'ab']);
        const [miss] = await onWarm(wire, [getBytes(target)]);
        expect(outcome(miss)).toEqual([200, WHOLE, 'MISS']);
        await wire.larder.stored((entries) =>
          entries.some(({ url, status: is }) => url.endsWith(target) && is === 200),
        );
        const answers = await onWarm(wire, [
          getBytes(target),
          getBytes(target, `Range: ${range}`),
          getBytes(target),
        ]);
        expect([answers[0], answers[2]].map((answer) => outcome(answer))).toEqual(
          [0, 2].map(() => [200, WHOLE, 'HIT']),
        );
        const cut = answers[1]!;
        expect([cut.status, cut.field('x-cache')]).toEqual([status, 'HIT']);
        // No byte comes twice, and of parts with heads of their own there are few.
        expect(cut.body.length).toBeLessThan(2 * WHOLE.length);
        return [part, miss!, ...answers];
      }),
    );
  }

  it(
    'C10 a 206 that nobody asked for is not stored',
    both(async (wire) => {
      const text = okay('ab', 'Content-Range: bytes 0-1/2000').replace('200 OK', '206 Partial Content');
      wire.origin.answer('/C10/unasked', bytes(text));
      const answer = await first(wire, '/C10/unasked');
      await wire.larder.reported(({ target, stored }) => target === '/C10/unasked' && !stored);
      return [answer, ...(await expectNotStored(wire, '/C10/unasked'))];
    }),
  );
});

describe('C11: HEAD then GET, both ways', () => {
  const heads = ['Content-Length: 5\r\n', 'Content-Length: 0\r\n', ''];
  for (const [index, length] of heads.entries()) {
    it(
      `C11 HEAD answered with ${JSON.stringify(length)}: no empty GET`,
      both(async (wire) => {
        const target = `/C11/${index}`;
        wire.origin.answer(target, (socket, _head, { method }) =>
          socket.write(method === 'HEAD' ? `HTTP/1.1 200 OK\r\n${length}\r\n` : okay('whole')),
        );
        const get = getBytes(target);
        const head = get.replace('GET', 'HEAD');
        const fresh = await onWarm(wire, [head, get]);
        await wire.larder.stored((entries) =>
          entries.some(({ url, method }) => url.endsWith(target) && method === 'GET'),
        );
        const stored = await onWarm(wire, [head, get, head, get]);
        expect(fresh[0]?.framing).toBe('none');
        expect(outcome(fresh[1])).toEqual([200, 'whole', 'MISS']);
        for (const answer of stored) {
          expect([answer.status, answer.field('x-cache'), answer.field('content-length')]).toEqual([
            200,
            'HIT',
            '5',
          ]);
        }
        expect(stored.map(({ body }) => body)).toEqual(['', 'whole', '', 'whole']);
        return [...fresh, ...stored];
      }),
    );
  }

  it(
    'C11 HEAD, GET, HEAD, GET in one segment',
    both(async (wire) => {
      await wire.warm('/C11/pipelined');
      const get = getBytes('/C11/pipelined');
      const head = get.replace('GET', 'HEAD');
      const methods = ['GET', 'HEAD', 'GET', 'HEAD', 'GET'];
      const bytesOfAll = getBytes('/warm') + head + get + head + get;
      const { responses, rest } = await ask(wire.port, bytesOfAll, { responses: 5, methods });
      expect(responses.map(({ body }) => body)).toEqual([
        'warm',
        '',
        'hello /C11/pipelined',
        '',
        'hello /C11/pipelined',
      ]);
      expect([rest, responses.every((answer) => answer.field('x-cache') === 'HIT')]).toEqual(['', true]);
      return responses;
    }),
  );
});

describe('C16 and C17: what connections see that had hits before, both ways', () => {
  const post = (target: string) => `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`;
  const changes: readonly (readonly [
    what: string,
    then: 'no hit' | 'the newer one',
    change: (wire: Wire, target: string) => Promise<unknown>,
  ])[] = [
    ['C16 after a POST to it', 'no hit', (wire, target) => askOne(wire.port, post(target))],
    [
      'C17 after a clear',
      'no hit',
      async (wire) => {
        await wire.larder.clear();
        await wire.warm('/warm');
      },
    ],
    [
      'C17 after a DELETE of what is stored',
      'no hit',
      async (wire, target) => {
        const entry = (await wire.larder.entries()).find(({ url }) => url.endsWith(target));
        await askOne(wire.port, `DELETE /.larder/entries/${entry?.id} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      },
    ],
    [
      'C11 after a GET with no-cache',
      'the newer one',
      (wire, target) => first(wire, target, 'Cache-Control: no-cache'),
    ],
  ];
  for (const [index, [what, then, change]] of changes.entries()) {
    it(
      `${what}: ${then}`,
      both(async (wire) => {
        const target = `/C17/${index}`;
        let answered = 0;
        wire.origin.answer(target, (socket) => socket.write(okay(`answer ${(answered += 1)}`)));
        await wire.warm(target);
        const client = new RawClient(wire.port);
        await client.send(getBytes(target).repeat(2));
        const before = await client.responses(2);
        await change(wire, target);
        const now = answered;
        await client.send(getBytes(target));
        const { responses } = await client.responses(3);
        await client.leave();
        expect(before.responses.map(outcome)).toEqual(
          [1, 1].map((number) => [200, `answer ${number}`, 'HIT']),
        );
        expect(responses[2]?.body).toBe(`answer ${then === 'no hit' ? now + 1 : now}`);
        return [...before.responses, responses[2]!];
      }),
    );
  }
});
