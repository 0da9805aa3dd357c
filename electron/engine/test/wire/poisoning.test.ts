/** Rows C01 to C04, C12, C13 and C16 of hostile-input.md against the built program, both ways in: the second,
 *  cached answer is asked for where the fast path would take it. C04's injectivity is proved by properties in
 *  semantics/cache-key.test.ts (cacheKey, partitionOf) and semantics/vary.test.ts (variantId), 10,000 runs each. */
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
import { ask, askOne, getBytes } from './raw-client';
import type { WireResponse } from './read-responses';
import type { Wire } from './wire';

const both = bothWays();

describe('C01: another host, both ways', () => {
  const hosts = [
    'a.test',
    'b.test',
    'a.test:8080',
    'localhost',
    'a.test.',
    'xn--a.test',
    'a.b.test',
    '10.0.0.1',
  ];
  it(
    `C01 ${hosts.join(', ')} are kept apart`,
    both(async (wire) => {
      wire.origin.answer('/C01', (socket, _head, request) =>
        socket.write(okay(`for ${request.field('x-forwarded-host')}`)),
      );
      const answers: WireResponse[] = [];
      for (const cache of ['MISS', 'HIT']) {
        for (const host of hosts) {
          const [answer] = await onWarm(wire, [`GET /C01 HTTP/1.1\r\nHost: ${host}\r\n\r\n`]);
          expect(outcome(answer)).toEqual([200, `for ${host}`, cache]);
          answers.push(answer!);
        }
        await untilStored(wire, '/C01', hosts.length);
      }
      return answers;
    }),
  );
});

describe('C02: fields that an origin may reflect, both ways', () => {
  const names = [
    'X-Forwarded-Host',
    'X-Forwarded-Scheme',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
    'X-Forwarded-For',
    'X-Forwarded-Server',
    'X-Forwarded-Prefix',
    'X-Forwarded-Ssl',
    'X-Real-IP',
    'Forwarded',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method',
    'X-HTTP-Method-Override',
    'X-Method-Override',
  ];
  for (const name of names) {
    it(
      `C02 ${name} leaves the next clean GET clean`,
      both(async (wire) => {
        const target = `/C02/${name}`;
        wire.origin.answer(target, (socket, _head, request) => {
          const mirrored = names.map((one) => `${one}=${request.field(one)}`).join('\n');
          socket.write(okay(mirrored));
        });
        const lines = [`${name}: evil.test`, `${name.toLowerCase()}: evil.test`];
        const dirty = getBytes(target, ...lines);
        const clean = getBytes(target);
        const answers = await onWarm(wire, [dirty, clean, clean, dirty, clean, clean]);
        for (const index of [1, 2, 4, 5]) expect(answers[index]?.body).not.toContain('evil');
        expect(answers[5]?.field('x-cache')).toBe('HIT');
        await untilStored(wire, target);
        return [await again(wire, target), await again(wire, target, ...lines)];
      }),
    );
  }
});

describe('C03: GET with a body, both ways', () => {
  const bodies = [
    ['Content-Length: 4', 'Content-Length: 4\r\n\r\nevil'],
    ['chunked', 'Transfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n'],
  ] as const;
  for (const [how, text] of bodies) {
    it(
      `C03 ${how}: not stored, and replaces nothing`,
      both(async (wire) => {
        const target = `/C03/${how.slice(0, 4)}`;
        wire.origin.answer(target, (socket, _head, { body }) => socket.write(okay(`got ${body}.`)));
        const withBody = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${text}`;
        const [fresh] = await onWarm(wire, [withBody]);
        expect(outcome(fresh)).toEqual([200, 'got evil.', 'MISS']);
        await wire.larder.reported((exchange) => exchange.target === target && !exchange.stored);
        expect(await storedCount(wire, target)).toBe(0);
        const clean = await again(wire, target);
        expect(outcome(clean)).toEqual([200, 'got .', 'MISS']);
        await untilStored(wire, target);
        const [own, hit] = await onWarm(wire, [withBody, getBytes(target)]);
        expect(own?.body).toBe('got evil.');
        expect(outcome(hit)).toEqual([200, 'got .', 'HIT']);
        return [fresh!, clean, own!, hit!];
      }),
    );
  }
});

describe('C04: byte-different targets are different, both ways', () => {
  const groups = [
    ['?a=1&b=2', '?a=1;b=2', '?b=2&a=1', '?a=1&b=2&', '?a=1%26b=2', '?A=1&b=2'],
    ['/%2e%2e/x', '/../x', '/%2E%2E/x', '/..%2fx', '/x', '//x', '/./x'],
    ['/%00', '/', '/%01', '/%0', '/%2500'],
    ['/%0d%0a', '/%0D%0A', '/%0d', '/%0a'],
    ['/a', '/A', '/%61', '/a/', '/a?', '/a.', '/a%20', '/a+'],
    // Lengths before texts, schemes and dots are how keys are made.
    [
      '/1:a',
      '/1',
      '/1:',
      '/3:GET',
      '/GET',
      '/respect',
      '/respect.',
      '/https://x',
      '/http://x',
      '/-',
      '/|',
      '/\\',
      '/"',
    ],
  ];
  for (const [index, group] of groups.entries()) {
    it(
      `C04 ${group.join(' ')}`,
      both(async (wire) => {
        const targets = group.map((text) => `/C04/${index}${text}`);
        const answers: WireResponse[] = [];
        for (const cache of ['MISS', 'HIT']) {
          const part = await onWarm(
            wire,
            targets.map((target) => getBytes(target)),
          );
          expect(part.map(outcome)).toEqual(targets.map((target) => [200, `hello ${target}`, cache]));
          answers.push(...part);
          await Promise.all(targets.map((target) => untilStored(wire, target)));
        }
        return answers;
      }),
    );
  }
});

describe('C12: errors are not stored, both ways', () => {
  for (const status of [400, 403, 404, 405, 410, 414, 431, 500, 501, 502, 503, 504]) {
    it(
      `C12 ${status} to an odd request, even with max-age`,
      both(async (wire) => {
        const target = `/C12/${status}`;
        wire.origin.answer(target, (socket, _head, request) => {
          const text = okay('sound', 'Cache-Control: max-age=60');
          if (request.field('x-odd') === undefined) socket.write(text);
          else socket.write(text.replace('200 OK', `${status} Odd`).replace('sound', 'wrong'));
        });
        const [odd, clean] = await onWarm(wire, [getBytes(target, 'X-Odd: \\'), getBytes(target)]);
        expect([odd?.status, odd?.body]).toEqual([status, 'wrong']);
        expect(outcome(clean)).toEqual([200, 'sound', 'MISS']);
        await untilStored(wire, target);
        const hit = await again(wire, target);
        expect(outcome(hit)).toEqual([200, 'sound', 'HIT']);
        return [odd!, clean!, hit];
      }),
    );
  }
});

describe('C13: Connection, both ways', () => {
  const names = ['host', 'content-length', 'host, content-length', 'Cache-Control', 'close, host', 'x, HOST'];
  for (const value of names) {
    it(
      `C13 request with Connection: ${value} is 400`,
      both(async (wire) => {
        const target = `/C13/${value.replaceAll(' ', '')}`;
        const [refused] = await onWarm(wire, [getBytes(target, `Connection: ${value}`)]);
        expect(refused?.status).toBe(400);
        const alone = await ask(wire.port, getBytes(target, `Connection: ${value}`));
        expect([alone.responses.length, alone.end]).toEqual([1, 'closed']);
        expect(upstream(wire, target)).toHaveLength(0);
        return [refused!, ...alone.responses];
      }),
    );
  }

  for (const [name, value] of [
    ['Cookie', 'sid=ann'],
    ['Authorization', 'Bearer ann'],
  ] as const) {
    it(
      `C13 Connection: ${name.toLowerCase()} loses no ${name}, and nobody gets another's`,
      both(async (wire) => {
        const target = `/C13/${name}`;
        wire.origin.answer(target, (socket, _head, request) =>
          socket.write(okay(`for ${request.field(name)}`)),
        );
        const own = [`Connection: ${name.toLowerCase()}`, `${name}: ${value}`];
        const requests = [getBytes(target, ...own), getBytes(target)];
        const misses = await onWarm(wire, requests);
        await untilStored(wire, target, 2);
        const hits = await onWarm(wire, requests);
        expect(misses.map(outcome)).toEqual(
          [`for ${value}`, 'for undefined'].map((body) => [200, body, 'MISS']),
        );
        expect(hits.map(outcome)).toEqual(
          [`for ${value}`, 'for undefined'].map((body) => [200, body, 'HIT']),
        );
        return [...misses, ...hits];
      }),
    );
  }

  const hopByHop = [
    'Connection: X-Hop',
    'X-Hop: 1',
    'Keep-Alive: timeout=9',
    'Proxy-Authenticate: Basic',
    'X-End: 2',
  ];
  it(
    'C13 hop-by-hop fields of a 200 are neither passed on nor stored',
    both(async (wire) => {
      wire.origin.answer('/C13/200', bytes(okay('ok', ...hopByHop)));
      const miss = await first(wire, '/C13/200');
      await untilStored(wire, '/C13/200');
      const hit = await again(wire, '/C13/200');
      for (const answer of [miss, hit]) expectNoHop(answer);
      return [miss, hit];
    }),
  );

  it(
    'C13 hop-by-hop fields of a 304 are not stored',
    both(async (wire) => {
      wire.origin.answer('/C13/304', bytes(okay('ok', 'ETag: "1"')));
      await first(wire, '/C13/304');
      await untilStored(wire, '/C13/304');
      const fields = ['ETag: "1"', ...hopByHop].join('\r\n');
      wire.origin.answer('/C13/304', bytes(`HTTP/1.1 304 Not Modified\r\n${fields}\r\n\r\n`));
      const validated = await again(wire, '/C13/304', 'Cache-Control: no-cache');
      expect(outcome(validated)).toEqual([200, 'ok', 'HIT']);
      expectNoHop(validated);
      for (let times = 0; ; times += 1) {
        const hit = await again(wire, '/C13/304');
        if (hit.field('x-end') === undefined && times < 100) continue;
        expectNoHop(hit);
        return [validated, hit];
      }
    }),
  );
});

function expectNoHop(answer: WireResponse): void {
  expect(answer.field('x-end')).toBe('2');
  expect([answer.field('x-hop'), answer.field('proxy-authenticate')]).toEqual([undefined, undefined]);
  expect(answer.field('keep-alive') ?? '').not.toContain('timeout=9');
}

describe('C16: unsafe requests, both ways', () => {
  const unsafe = (method: string, target: string): string =>
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx`;

  const cases = [
    ['POST', 200],
    ['POST', 201],
    ['PUT', 204],
    ['DELETE', 200],
    ['PATCH', 200],
    ['MKCOL', 200],
    ['POST', 303],
  ] as const;
  for (const [method, status] of cases) {
    it(
      `C16 ${method} with ${status} invalidates`,
      both(async (wire) => {
        const target = `/C16/${method}/${status}`;
        const answers = [await warmed(wire, target)];
        wire.origin.answer(
          target,
          bytes(`HTTP/1.1 ${status} Done\r\n${status === 204 ? '' : 'Content-Length: 0\r\n'}\r\n`),
        );
        answers.push(await askOne(wire.port, unsafe(method, target), { methods: [method] }));
        return [...answers, ...(await expectNotStored(wire, target))];
      }),
    );
  }

  for (const status of [400, 404, 500]) {
    it(
      `C16 POST with ${status} does not`,
      both(async (wire) => {
        const target = `/C16/POST/${status}`;
        await wire.warm(target);
        wire.origin.answer(target, bytes(`HTTP/1.1 ${status} Odd\r\nContent-Length: 0\r\n\r\n`));
        await askOne(wire.port, unsafe('POST', target));
        const hit = await again(wire, target);
        expect(outcome(hit)).toEqual([200, `hello ${target}`, 'HIT']);
        return [hit];
      }),
    );
  }

  for (const name of ['Location', 'Content-Location']) {
    it(
      `C16 a foreign ${name} is ignored, one of the same origin not`,
      both(async (wire) => {
        const target = `/C16/${name}`;
        const other = `${target}/other`;
        const { port } = wire.origin;
        const foreign = [
          `http://127.0.0.1:${wire.evil.port}${other}`,
          `http://evil.test${other}`,
          `//evil.test${other}`,
          `https://127.0.0.1:${port}${other}`,
          `http://127.0.0.1:${port}@evil.test${other}`,
          `http://user@evil.test:${port}${other}`,
          `http://[::1]:${port}${other}`,
          `\\\\evil.test${other}`,
          'http://[',
        ];
        await wire.warm(other);
        for (const url of foreign) {
          wire.origin.answer(target, bytes(okay('', `${name}: ${url}`)));
          await askOne(wire.port, unsafe('POST', target));
        }
        const hit = await again(wire, other);
        expect(outcome(hit)).toEqual([200, `hello ${other}`, 'HIT']);
        wire.origin.answer(target, bytes(okay('', `${name}: ${wire.origin.url}${other}`)));
        await askOne(wire.port, unsafe('POST', target));
        return [hit, ...(await expectNotStored(wire, other))];
      }),
    );
  }

  async function warmed(wire: Wire, target: string): Promise<WireResponse> {
    await wire.warm(target);
    return again(wire, target);
  }
});
