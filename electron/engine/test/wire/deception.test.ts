/** Rows C05 to C07 and C12 of hostile-input.md against the built program with both policies, both ways in: whose answer
 *  may be given to whom. */
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
import { getBytes } from './raw-client';
import type { WireResponse } from './read-responses';
import type { Wire } from './wire';

/** An origin that answers each user by what the field says. */
function answerByUser(wire: Wire, target: string, name: string, ...fields: readonly string[]): void {
  wire.origin.answer(target, (socket, _head, request) =>
    socket.write(okay(`for ${request.field(name) ?? 'nobody'}`, ...fields)),
  );
}

const DECEIVING = [
  '/account/x.css',
  '/account;x.css',
  '/account/;x.css',
  '/account%2fx.css',
  '/account%3bx.css',
  '/account%00.css',
  '/account%23x.js',
  '/account/.png',
  '/account?x.css',
  '/account/robots.txt',
];

/** Cache-Control of a response that sets one user's cookie, a line each, and what may become of it. */
const DIRECTIVES: readonly (readonly [
  control: string,
  kept: 'not stored' | 'asked for each time' | 'stored without the cookie' | 'stored',
])[] = [
  ['max-age=60, private=""', 'not stored'],
  ['max-age=60, private', 'not stored'],
  ['max-age=60, private, private="x"', 'not stored'],
  ['max-age=60, private="x", private', 'not stored'],
  ['max-age=60, private=","', 'not stored'],
  ['max-age=60, private="set-cookie', 'not stored'],
  ['max-age=60, private=" "', 'not stored'],
  ['max-age=60, private="a b"', 'not stored'],
  ['max-age=60, PRIVATE', 'not stored'],
  ['max-age=60,,, ,private', 'not stored'],
  ['max-age=60, no-store=1', 'not stored'],
  ['max-age=60, no-store="x"', 'not stored'],
  ['max-age=60\nprivate', 'not stored'],
  ['max-age=60, x="\nprivate', 'not stored'],
  ['x="a, private', 'not stored'],
  [`max-age=60, ${'x'.repeat(9000)}`, 'not stored'],
  [`max-age=60, ${Array.from({ length: 100 }, (_, index) => `x${index}`).join(', ')}`, 'not stored'],
  ['max-age=60, private="set-cookie"', 'stored without the cookie'],
  ['max-age=60, private="Set-Cookie, x"', 'stored without the cookie'],
  ['max-age=60, no-cache=" set-cookie"', 'stored without the cookie'],
  ['max-age=60, no-cache="set-cookie"', 'stored without the cookie'],
  ['max-age=60, no-cache=set-cookie', 'stored without the cookie'],
  ['max-age=60, no-cache="x", no-cache="set-cookie"', 'stored without the cookie'],
  ['max-age=60, no-cache=""', 'asked for each time'],
  ['max-age=60, no-cache', 'asked for each time'],
  ['max-age=60, no-cache, no-cache="x"', 'asked for each time'],
  ['max-age=60, no-cache="set-cookie', 'asked for each time'],
  ['max-age=60, no-cache="content-type"', 'asked for each time'],
  ['max-age=60, max-age=0', 'asked for each time'],
  ['max-age=0, max-age=60', 'asked for each time'],
  ['max-age=60\nmax-age=0', 'asked for each time'],
  ['max-age=60, s-maxage=0', 'asked for each time'],
  ['max-age=60, s-maxage=x', 'asked for each time'],
  ['max-age=x', 'asked for each time'],
  ['max-age=', 'asked for each time'],
  ['max-age=-1', 'asked for each time'],
  ['max-age=1e3', 'asked for each time'],
  ['max-age=60x', 'asked for each time'],
  ['max-age=60; private', 'asked for each time'],
  ['max-age = 60', 'asked for each time'],
  ['max-age=0x3c', 'asked for each time'],
  ['=,;"', 'asked for each time'],
  ['max-age=60', 'stored'],
  ['MAX-AGE="60"', 'stored'],
  ['max-age=99999999999999999999', 'stored'],
];

describe('policy override, both ways', () => {
  const both = bothWays();

  for (const path of DECEIVING) {
    it(
      `C05 ${path} of one user is nobody else's`,
      both(async (wire) => {
        const target = `/C05${path}`;
        answerByUser(wire, target, 'cookie', 'Cache-Control: private');
        return expectKeptApart(wire, target, [['Cookie: session=victim'], ['Cookie: session=other'], []]);
      }),
    );
  }

  const credentials = [
    ['Authorization', 'Authorization: Bearer ann', 'Authorization: Bearer bob'],
    ['Authorization', 'authorization: Basic YTpi', 'AUTHORIZATION: Basic YTpj'],
    ['X-Api-Key', 'X-Api-Key: ann', 'X-Api-Key: bob'],
    ['Cookie', 'Cookie: sid=ann', 'Cookie: sid=bob'],
    ['Cookie', 'Cookie: _ga=1; sid=ann', 'Cookie: _ga=1; sid=bob'],
  ] as const;
  const directives = [
    'no-store',
    'private',
    'public, max-age=60',
    's-maxage=60',
    'must-revalidate, max-age=60',
  ];
  for (const [index, [name, ann, bob]] of credentials.entries()) {
    for (const control of directives) {
      it(
        `C06 override, ${ann}, ${control}: each user gets its own`,
        both(async (wire) => {
          const target = `/C06/${index}/${control.slice(0, 6)}`;
          answerByUser(wire, target, name, `Cache-Control: ${control}`);
          return expectKeptApart(wire, target, [[ann], [bob], []]);
        }),
      );
    }
  }

  it(
    'C06 override: no Set-Cookie is replayed',
    both(async (wire) => {
      wire.origin.answer(
        '/C06/set',
        bytes(okay('own', 'Set-Cookie: sid=ann', 'set-cookie2: sid=ann', 'X-A: 1')),
      );
      const miss = await first(wire, '/C06/set');
      expect(miss.field('set-cookie')).toBe('sid=ann');
      await untilStored(wire, '/C06/set');
      const hit = await again(wire, '/C06/set');
      expect(outcome(hit)).toEqual([200, 'own', 'HIT']);
      expect(hit.bytes).not.toContain('sid=ann');
      expect(hit.field('x-a')).toBe('1');
      return [miss, hit];
    }),
  );

  it(
    'C06 override: nor after validation, to another than who caused it',
    both(async (wire) => {
      wire.origin.answer('/C06/304', bytes(okay('own', 'ETag: "1"')));
      await first(wire, '/C06/304');
      await untilStored(wire, '/C06/304');
      const text = 'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nSet-Cookie: sid=ann\r\n\r\n';
      wire.origin.answer('/C06/304', bytes(text));
      await again(wire, '/C06/304', 'Cache-Control: no-cache');
      await wire.larder.reported(({ target, forward }) => target === '/C06/304' && forward === 'request');
      const hit = await again(wire, '/C06/304');
      expect(outcome(hit)).toEqual([200, 'own', 'HIT']);
      expect(hit.bytes).not.toContain('sid=ann');
      return [hit];
    }),
  );
});

/** Each, asked for twice, gets its own: from the origin, then from the store; and once more the other way round. */
async function expectKeptApart(
  wire: Wire,
  target: string,
  users: readonly (readonly string[])[],
): Promise<WireResponse[]> {
  const requests = users.map((fields) => getBytes(target, ...fields));
  const misses = await onWarm(wire, requests);
  await untilStored(wire, target, users.length);
  const hits = await onWarm(wire, [...requests, ...[...requests].reverse()]);
  const bodies = misses.map(({ body }) => body);
  expect(new Set(bodies).size).toBe(users.length);
  expect(bodies.at(-1)).toBe('for nobody');
  expect(misses.map((answer) => answer.field('x-cache'))).toEqual(users.map(() => 'MISS'));
  expect(hits.map(outcome)).toEqual([...bodies, ...[...bodies].reverse()].map((body) => [200, body, 'HIT']));
  expect(upstream(wire, target)).toHaveLength(users.length);
  return [...misses, ...hits];
}

describe('policy respect, both ways', () => {
  const both = bothWays({ policy: 'respect' });

  for (const path of DECEIVING) {
    it(
      `C05 ${path} is stored by what the response says`,
      both(async (wire) => {
        const target = `/C05${path}`;
        answerByUser(wire, target, 'cookie', 'Cache-Control: private, max-age=60');
        const victim = await first(wire, target, 'Cookie: session=victim');
        const attacker = await again(wire, target);
        expect([victim, attacker].map(outcome)).toEqual([
          [200, 'for session=victim', 'MISS'],
          [200, 'for nobody', 'MISS'],
        ]);
        return [victim, attacker, ...(await expectNotStored(wire, target))];
      }),
    );
  }

  const authorized = [
    ['max-age=60', false],
    ['no-store, public', false],
    ['private, s-maxage=60', false],
    ['public, max-age=60', true],
    ['s-maxage=60', true],
    ['must-revalidate, max-age=60', true],
    ['proxy-revalidate, max-age=60', false],
  ] as const;
  for (const [control, shared] of authorized) {
    it(
      `C06 respect, Authorization, ${control}: ${shared ? '' : 'not '}stored (RFC 9111 §3.5)`,
      both(async (wire) => {
        const target = `/C06/${control.replaceAll(' ', '')}`;
        answerByUser(wire, target, 'authorization', `Cache-Control: ${control}`);
        const ann = await first(wire, target, 'Authorization: Bearer ann');
        expect(outcome(ann)).toEqual([200, 'for Bearer ann', 'MISS']);
        if (shared) await untilStored(wire, target);
        const bob = await again(wire, target, 'Authorization: Bearer bob');
        expect(outcome(bob)).toEqual(
          shared ? [200, 'for Bearer ann', 'HIT'] : [200, 'for Bearer bob', 'MISS'],
        );
        if (!shared) expect(await storedCount(wire, target)).toBe(0);
        return [ann, bob];
      }),
    );
  }

  it(
    'C06 respect: Set-Cookie is stored as any other field',
    both(async (wire) => {
      wire.origin.answer(
        '/C06/set',
        bytes(okay('own', 'Set-Cookie: theme=dark', 'Cache-Control: max-age=60')),
      );
      await first(wire, '/C06/set');
      await untilStored(wire, '/C06/set');
      const hit = await again(wire, '/C06/set');
      expect([...outcome(hit), hit.field('set-cookie')]).toEqual([200, 'own', 'HIT', 'theme=dark']);
      return [hit];
    }),
  );

  for (const [index, [control, kept]] of DIRECTIVES.entries()) {
    it(
      `C07 ${JSON.stringify(control.slice(0, 60))}: ${kept}`,
      both(async (wire) => {
        const target = `/C07/${index}`;
        const text = okay(
          'own',
          'Set-Cookie: sid=victim',
          ...control.split('\n').map((line) => `Cache-Control: ${line}`),
        );
        wire.origin.answer(target, bytes(text));
        const miss = await first(wire, target);
        await wire.larder.reported((exchange) => exchange.target === target);
        const next = await again(wire, target);
        const [status, body, cache] = outcome(next);
        expect([status, body]).toEqual([200, 'own']);
        if (kept === 'stored' || kept === 'stored without the cookie') expect(cache).toBe('HIT');
        else expect(upstream(wire, target)).toHaveLength(2);
        if (kept === 'stored without the cookie') expect(next.field('set-cookie')).toBeUndefined();
        if (kept === 'not stored') expect(await storedCount(wire, target)).toBe(0);
        return [miss, next];
      }),
    );
  }

  for (const status of [400, 403, 404, 405, 410, 414, 431, 500, 501, 502, 503, 504]) {
    it(
      `C12 ${status} without freshness is not stored`,
      both(async (wire) => {
        const target = `/C12/${status}`;
        wire.origin.answer(target, bytes(okay('wrong').replace('200 OK', `${status} Odd`)));
        const answers = [await first(wire, target, 'X-Odd: \\'), await again(wire, target)];
        expect(answers.map(outcome)).toEqual(answers.map(() => [status, 'wrong', 'MISS']));
        return [...answers, ...(await expectNotStored(wire, target))];
      }),
    );
  }
});
