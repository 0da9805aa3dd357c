/** Rows U01 to U10 of hostile-input.md against the built program: exact bytes from the origin, both ways in. That the
 *  window's previews of encoded bodies are capped (U10): electron/main/ipc/body-preview.test.ts. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes } from '../raw-origin';
import {
  again,
  bothWays,
  expectNotStored,
  first,
  okay,
  outcome,
  storedCount,
  untilStored,
  upstream,
} from './both-ways';
import { ask, getBytes } from './raw-client';
import type { WireResponse } from './read-responses';
import type { Wire } from './wire';

const both = bothWays();

const MEBIBYTE = 1024 * 1024;
const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

/** The client never takes it for whole: 502, or a connection that is cut. Returns what came. */
async function expectCut(wire: Wire, target: string): Promise<string> {
  const reply = await ask(wire.port, getBytes(target), { responses: 1 });
  const [whole] = reply.responses;
  if (whole === undefined) expect(reply.end).not.toBe('open');
  else expect([whole.status, whole.field('x-cache')]).toEqual([502, 'MISS']);
  const { stored } = await wire.larder.reported((exchange) => exchange.target === target);
  expect(stored).toBe(false);
  return reply.received;
}

describe('U01 to U03: a body that breaks off, both ways', () => {
  const bodies = [
    ['U01 Content-Length 10, 5 bytes', `${OK}Content-Length: 10\r\n\r\nhello`],
    ['U01 Content-Length 10, no byte', `${OK}Content-Length: 10\r\n\r\n`],
    ['U01 Content-Length 10, 9 bytes', `${OK}Content-Length: 10\r\n\r\nhello wor`],
    ['U02 chunked, nothing', CHUNKED],
    ['U02 chunked, cut within a size', `${CHUNKED}5\r\nhello\r\n5`],
    ['U02 chunked, cut within a chunk', `${CHUNKED}5\r\nhel`],
    ['U02 chunked, no last chunk', `${CHUNKED}5\r\nhello\r\n`],
    ['U02 chunked, cut within the last chunk', `${CHUNKED}5\r\nhello\r\n0\r\n`],
    ['U02 chunked, cut within trailers', `${CHUNKED}5\r\nhello\r\n0\r\nX-A: 1\r\n`],
  ] as const;
  for (const [index, [what, text]] of bodies.entries()) {
    for (const then of ['end', 'reset'] as const) {
      it(
        `${what}, ${then === 'end' ? 'close' : 'reset'}`,
        both(async (wire) => {
          const target = `/U01/${index}/${then}`;
          wire.origin.answer(target, bytes(text, then));
          await expectCut(wire, target);
          return expectNotStored(wire, target);
        }),
      );
    }
  }

  const chunks = [
    '0x5\r\nhello',
    '-5\r\nhello',
    '5\nhello',
    '5\r\nhello!',
    'fffffffffffffffff\r\nhello',
    '\r\nhello',
  ];
  for (const [index, chunk] of chunks.entries()) {
    it(
      `U02 chunked, ${JSON.stringify(chunk)}`,
      both(async (wire) => {
        const target = `/U02/${index}`;
        wire.origin.answer(target, bytes(`${CHUNKED}${chunk}\r\n0\r\n\r\n`));
        await expectCut(wire, target);
        return expectNotStored(wire, target);
      }),
    );
  }

  it(
    'U03 no length, reset',
    both(async (wire) => {
      wire.origin.answer('/U03/reset', bytes(`${OK}\r\nhello`, 'reset'));
      await expectCut(wire, '/U03/reset');
      return expectNotStored(wire, '/U03/reset');
    }),
  );

  it(
    'U03 no length, clean close is its end',
    both(async (wire) => {
      wire.origin.answer('/U03/close', bytes(`${OK}\r\nhello`, 'end'));
      const miss = await first(wire, '/U03/close');
      await untilStored(wire, '/U03/close');
      const hit = await again(wire, '/U03/close');
      expect([miss.body, hit.body]).toEqual(['hello', 'hello']);
      expect([hit.field('x-cache'), hit.field('content-length')]).toEqual(['HIT', '5']);
      return [miss, hit];
    }),
  );
});

describe('U04: a broken head is 502 and not stored, both ways', () => {
  const framing = [
    'Content-Length: 2\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 2',
    'Content-Length: 2\r\nContent-Length: 3',
    'Content-Length: 2\r\nContent-Length: 2',
    'Content-Length: 2, 2',
    'Content-Length: +2',
    'Content-Length: -2',
    'Content-Length: 0x2',
    'Content-Length: 2 2',
    'Content-Length:',
    'Content-Length: 18446744073709551618',
    'Content-Length : 2',
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: identity',
    'X-A: 1\r\n 2',
    ' X-A: 1',
    'X-A: 1\nX-B: 2',
    'X-A: 1\rX-B: 2',
    'X-A: 1\x002',
    'X-\x00A: 1',
    'X-A : 1',
    ': 1',
    'X-A',
  ];
  const heads = [
    ...framing.map((lines) => `${OK}${lines}\r\n${lines.startsWith('X') ? 'Content-Length: 2\r\n' : ''}\r\n`),
    'HTTP/1.1 200 OK\nContent-Length: 2\n\n',
    `${OK}Content-Length: 2\r\n\n`,
    'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 042 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 -20 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.12 200 OK\r\nContent-Length: 2\r\n\r\n',
    'ICY 200 OK\r\n\r\n',
    '<html>',
    '\x16\x03\x01\x02\x00\r\n\r\n',
    '\r\n\r\n',
    '',
  ];
  for (const [index, head] of heads.entries()) {
    it(
      `U04 ${JSON.stringify(head.startsWith(OK) ? head.slice(OK.length) : head)}`,
      both(async (wire) => {
        const target = `/U04/${index}`;
        wire.origin.answer(target, bytes(`${head}ok`, 'end'));
        const { status } = await first(wire, target);
        expect(status).toBe(502);
        await wire.larder.reported((exchange) => exchange.target === target && !exchange.stored);
        return [status, ...(await expectNotStored(wire, target))];
      }),
    );
  }
});

describe('U05: more than was asked for, both ways', () => {
  const EVIL = okay('evil');

  it(
    'U05 two responses in one segment',
    both(async (wire) => {
      wire.origin.answer('/U05/a', bytes(okay('own') + EVIL));
      const answers = [await first(wire, '/U05/a')];
      for (const target of ['/U05/b', '/U05/c', '/U05/a']) answers.push(await again(wire, target));
      expect(answers.map(({ body }) => body)).toEqual(['own', 'hello /U05/b', 'hello /U05/c', 'own']);
      return answers;
    }),
  );

  it(
    'U05 the second response while nothing is asked',
    both(async (wire) => {
      const closed = new Promise<void>((resolve) => {
        wire.origin.answer('/U05/later', (socket) => {
          socket.write(okay('own'));
          socket.once('close', () => resolve());
          void wire.larder.reported(({ target }) => target === '/U05/later').then(() => socket.write(EVIL));
        });
      });
      const answers = [await first(wire, '/U05/later')];
      await closed;
      for (const target of ['/U05/d', '/U05/later']) answers.push(await again(wire, target));
      expect(answers.map(({ body }) => body)).toEqual(['own', 'hello /U05/d', 'own']);
      return answers;
    }),
  );

  it(
    'U05 a body after what has none',
    both(async (wire) => {
      wire.origin.answer('/U05/head', bytes(`${OK}Content-Length: 4\r\n\r\n${EVIL}`));
      wire.origin.answer('/U05/204', bytes(`HTTP/1.1 204 No Content\r\n\r\n${EVIL}`));
      const head = await ask(wire.port, 'HEAD /U05/head HTTP/1.1\r\nHost: localhost\r\n\r\n', {
        responses: 1,
        methods: ['HEAD'],
      });
      const empty = await first(wire, '/U05/204');
      const next = await again(wire, '/U05/e');
      expect([head.rest, empty.status, empty.body, next.body]).toEqual(['', 204, '', 'hello /U05/e']);
      return [empty, next];
    }),
  );
});

describe('U06: interim responses, both ways', () => {
  const HINT = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';

  it(
    'U06 200 times 103: only the final one is stored',
    both(async (wire) => {
      wire.origin.answer('/U06/hints', bytes(HINT.repeat(200) + okay('final')));
      const miss = await first(wire, '/U06/hints');
      expect(miss.interim.length).toBeLessThanOrEqual(200);
      await untilStored(wire, '/U06/hints');
      const hit = await again(wire, '/U06/hints');
      expect([hit.body, hit.field('x-cache'), hit.interim, hit.field('link')]).toEqual([
        'final',
        'HIT',
        [],
        undefined,
      ]);
      return [miss, hit];
    }),
  );

  it(
    'U06 103 without end: 502, memory +64 MB at most',
    both(async (wire) => {
      const before = wire.larder.memory().now;
      wire.larder.forgetPeak();
      wire.origin.answer('/U06/endless', (socket) => pour(socket, HINT.repeat(500)));
      const reply = await ask(wire.port, getBytes('/U06/endless'), { responses: 1 });
      expect(reply.responses[0]?.status).toBe(502);
      expect(wire.larder.memory().peak - before).toBeLessThan(64 * MEBIBYTE);
      return [502, ...(await expectNotStored(wire, '/U06/endless'))];
    }),
  );

  it(
    'U06 an unasked 101',
    both(async (wire) => {
      const text = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nevil';
      wire.origin.answer('/U06/101', bytes(text));
      const reply = await ask(wire.port, getBytes('/U06/101'), { responses: 1 });
      expect(reply.responses[0]?.status).toBe(502);
      expect(reply.received).not.toContain('evil');
      return [502, ...(await expectNotStored(wire, '/U06/101'))];
    }),
  );
});

/** Writes it over and over, as fast as it is taken. */
function pour(socket: Socket, text: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', more);
  more();
}

describe('U07: a length where there is no body, both ways', () => {
  for (const text of ['Content-Length: 5\r\n\r\nevil!', 'Content-Length: 0\r\n\r\n']) {
    it(
      `U07 204 with ${JSON.stringify(text)}`,
      both(async (wire) => {
        const target = `/U07/204/${text.length}`;
        wire.origin.answer(target, bytes(`HTTP/1.1 204 No Content\r\n${text}`));
        const miss = await first(wire, target);
        await untilStored(wire, target);
        const hit = await again(wire, target);
        for (const { status, framing, bytes: all } of [miss, hit]) {
          expect([status, framing]).toEqual([204, 'none']);
          expect(all).not.toMatch(/content-length|evil/i);
        }
        return [miss, hit];
      }),
    );
  }

  for (const length of [0, 2, 99]) {
    it(
      `U07 304 with Content-Length: ${length} freshens`,
      both(async (wire) => {
        const target = `/U07/304/${length}`;
        wire.origin.answer(target, bytes(okay('ok', 'ETag: "1"')));
        await first(wire, target);
        await untilStored(wire, target);
        const text = `HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nX-Fresh: 1\r\nContent-Length: ${length}\r\n\r\n`;
        wire.origin.answer(target, bytes(text));
        const validated = await again(wire, target, 'Cache-Control: no-cache');
        expect(upstream(wire, target)[1]?.field('if-none-match')).toBe('"1"');
        await wire.larder.reported((exchange) => exchange.target === target && exchange.forward !== null);
        const hit = await freshened(wire, target);
        for (const { status, body } of [validated, hit]) expect([status, body]).toEqual([200, 'ok']);
        expect([hit.field('x-fresh'), hit.field('content-length')]).toEqual(['1', '2']);
        expect(upstream(wire, target)).toHaveLength(2);
        return [validated, hit];
      }),
    );
  }

  it(
    'U07 304 that nobody asked for is not stored',
    both(async (wire) => {
      wire.origin.answer('/U07/unasked', bytes('HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'));
      const answer = await first(wire, '/U07/unasked');
      expect([304, 502]).toContain(answer.status);
      await wire.larder.reported(({ target }) => target === '/U07/unasked');
      return [answer.status, ...(await expectNotStored(wire, '/U07/unasked'))];
    }),
  );
});

/** The hit that has what the 304 brought: it is stored after the client has its answer. */
async function freshened(wire: Wire, target: string) {
  for (let times = 0; times < 100; times += 1) {
    const hit = await again(wire, target);
    expect(hit.field('x-cache')).toBe('HIT');
    if (hit.field('x-fresh') !== undefined) return hit;
  }
  throw new Error(`${target} is not freshened`);
}

describe('U08: HTTP/1.0 with Transfer-Encoding, both ways', () => {
  const text = 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
  for (const version of ['1.0', '1.1']) {
    it(
      `U08 to a client of HTTP/${version}`,
      both(async (wire) => {
        const target = `/U08/${version}`;
        wire.origin.answer(target, bytes(text, 'end'));
        const request = `GET ${target} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
        const { responses } = await ask(wire.port, request);
        const [answer] = responses;
        if (answer?.status !== 502) expect([answer?.status, answer?.body]).toEqual([200, 'ok']);
        if (version === '1.0') expect(answer?.field('transfer-encoding')).toBeUndefined();
        if (answer?.status === 502) return [502];
        await untilStored(wire, target);
        const hit = await again(wire, target);
        expect([hit.body, hit.field('x-cache'), hit.framing]).toEqual(['ok', 'HIT', 'length']);
        return [answer!, hit];
      }),
    );
  }

  it(
    'U08 trailers to a client of HTTP/1.0: none',
    both(async (wire) => {
      const target = '/U08/trailers';
      wire.origin.answer(
        target,
        bytes(`${OK}Trailer: X-Sum\r\n${CHUNKED.slice(OK.length)}2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`),
      );
      const answers: WireResponse[] = [];
      for (const cache of ['MISS', 'HIT']) {
        const { responses } = await ask(wire.port, `GET ${target} HTTP/1.0\r\n\r\n`);
        expect([outcome(responses[0]), responses[0]?.framing]).toEqual([[200, 'ok', cache], 'close']);
        expect(responses[0]?.bytes).not.toMatch(/x-sum/i);
        answers.push(...responses);
        await untilStored(wire, target);
      }
      return answers;
    }),
  );

  it(
    'U08 and Content-Length: 502',
    both(async (wire) => {
      wire.origin.answer('/U08/both', bytes(text.replace('\r\n', '\r\nContent-Length: 2\r\n'), 'end'));
      expect((await first(wire, '/U08/both')).status).toBe(502);
      await wire.larder.reported(({ target }) => target === '/U08/both');
      return expectNotStored(wire, '/U08/both');
    }),
  );
});

describe('U09: control characters, both ways', () => {
  const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
    .filter((char) => !'\t\r\n'.includes(char))
    .concat('\x7f');
  const places = [
    ['the reason', (char: string) => `HTTP/1.1 200 O${char}K\r\nContent-Length: 2\r\n\r\nok`],
    ['a value', (char: string) => `${OK}X-A: 1${char}2\r\nContent-Length: 2\r\n\r\nok`],
    ['a name', (char: string) => `${OK}X-${char}A: 1\r\nContent-Length: 2\r\n\r\nok`],
  ] as const;
  for (const [place, text] of places) {
    it(
      `U09 each of them in ${place}: 502 or taken out`,
      both(async (wire) => {
        const answers = await Promise.all(
          CONTROLS.map(async (char) => {
            const target = `/U09/${place.slice(-4)}/${char.charCodeAt(0)}`;
            wire.origin.answer(target, bytes(text(char), 'end'));
            // The reader refuses control characters.
            const miss = await first(wire, target);
            expect([200, 502]).toContain(miss.status);
            if (miss.status === 502) return `502 stored ${await storedCount(wire, target)}`;
            await untilStored(wire, target);
            const hit = await again(wire, target);
            expect([hit.reason, hit.body, hit.field('x-cache')]).toEqual([miss.reason, 'ok', 'HIT']);
            return `200 ${hit.reason}`;
          }),
        );
        for (const answer of answers) expect(['502 stored 0', '200 OK']).toContain(answer);
        return answers;
      }),
    );
  }
});

describe('U10: encoded bodies pass through as they are, both ways', () => {
  // A gibibyte of zeros: members of gzip follow one another.
  const member = gzipSync(Buffer.alloc(64 * MEBIBYTE));
  const bomb = Buffer.concat(Array.from({ length: 16 }, () => member));
  let chained = bomb;
  for (let times = 1; times < 6; times += 1) chained = gzipSync(chained);
  const bodies = [
    ['a gzip bomb of 1 GiB', 'gzip', bomb],
    ['six chained encodings', 'gzip, gzip, gzip, gzip, gzip, gzip', chained],
  ] as const;
  for (const [what, coding, body] of bodies) {
    it(
      `U10 ${what}, memory +64 MB at most`,
      both(async (wire) => {
        const target = `/U10/${coding.length}`;
        const head = `${OK}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
        wire.origin.answer(target, (socket) => void socket.write(Buffer.concat([Buffer.from(head), body])));
        const before = wire.larder.memory().now;
        wire.larder.forgetPeak();
        const miss = await first(wire, target, 'Accept-Encoding: gzip');
        await untilStored(wire, target);
        const hit = await again(wire, target, 'Accept-Encoding: gzip');
        const plain = await again(wire, target);
        const entry = (await wire.larder.entries()).find(({ url }) => url.endsWith(target));
        const shown = await first(wire, `/.larder/entries/${entry?.id}/body`);
        for (const answer of [miss, hit, plain, shown]) {
          expect(answer.field('content-encoding')).toBe(coding);
          expect(Buffer.from(answer.body, 'latin1').equals(body)).toBe(true);
        }
        expect(hit.field('x-cache')).toBe('HIT');
        expect(wire.larder.memory().peak - before).toBeLessThan(64 * MEBIBYTE);
        return [miss.status, hit, plain];
      }),
    );
  }
});
