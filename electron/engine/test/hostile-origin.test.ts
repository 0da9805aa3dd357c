/** Rows U01 to U10 of hostile-input.md: exact bytes from the origin, what the client gets and what is stored. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import { bytes, startRawOrigin, type RawOrigin } from './raw-origin';

let larder: EngineUnderTest;
let origin: RawOrigin;

beforeEach(async () => {
  origin = await startRawOrigin();
  larder = await startEngineUnderTest({ settings: { origin: origin.url } });
});
afterEach(async () => {
  await larder.close();
  await origin.close();
});

const GOOD = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const ask = (target = '/a', version = '1.1'): Promise<string> =>
  sendRaw(larder.port, `GET ${target} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);

/** Nothing was stored: the next GET goes upstream and gets what is right. */
async function expectNotStored(): Promise<void> {
  await waitUntil(() => larder.exchanges.length === 1);
  expect(larder.exchanges[0]?.stored).toBe(false);
  const before = origin.heads.length;
  origin.answer(bytes(GOOD));
  const next = await larder.get('/a');
  expect([next.status, next.text, next.headers['x-cache']]).toEqual([200, 'ok', 'MISS']);
  expect(origin.heads.length).toBe(before + 1);
}

describe('a body that breaks off', () => {
  it.each([
    ['U01: Content-Length 10, 5 bytes, close', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', 'end'],
    [
      'U02: chunked without the last chunk, reset',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      'reset',
    ],
    [
      'U02: chunked without the last chunk, close',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      'end',
    ],
    ['U03: no length, reset', 'HTTP/1.1 200 OK\r\n\r\nhello', 'reset'],
  ] as const)('%s', async (_row, text, then) => {
    origin.answer(bytes(text, then));
    const received = await ask();
    if (received.startsWith('HTTP/1.1 200')) expect(received).not.toMatch(/0\r\n\r\n$/);
    else if (received !== '') expect(received).toMatch(/^HTTP\/1\.1 502/);
    await expectNotStored();
  });

  it('U03: without a length, a clean close is its end', async () => {
    origin.answer(bytes('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello', 'end'));
    expect(await ask()).toMatch(/5\r\nhello\r\n0\r\n\r\n$/);
    await larder.stored(1);
    const hit = await larder.get('/a');
    expect([hit.text, hit.headers['content-length'], hit.headers['x-cache']]).toEqual(['hello', '5', 'HIT']);
  });
});

describe('a broken head', () => {
  it.each([
    [
      'both lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    ['NUL in a field', 'HTTP/1.1 200 OK\r\nX-A: 1\x002\r\nContent-Length: 2\r\n\r\nok'],
    ['a control character in a field (U09)', 'HTTP/1.1 200 OK\r\nX-A: 1\x012\r\nContent-Length: 2\r\n\r\nok'],
    ['status 20', 'HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['status 000', 'HTTP/1.1 000 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['status 042', 'HTTP/1.1 042 OK\r\nContent-Length: 2\r\n\r\nok'],
    ['garbage', '\x16\x03\x01\x02\x00\r\n\r\n'],
    [
      'an unasked 101 (U06)',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello',
    ],
  ])('U04: %s is 502', async (_what, text) => {
    origin.answer(bytes(text, 'end'));
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 /);
    await expectNotStored();
  });

  it.each([
    ['obs-fold', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok'],
    ['bare LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    [
      'HTTP/1.0 with Transfer-Encoding (U08)',
      'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
  ])('U04: %s is 502 or put right', async (_what, text) => {
    origin.answer(bytes(text, 'end'));
    const received = await ask('/a', '1.0');
    if (received.startsWith('HTTP/1.1 502 ')) return;
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/);
    expect(received).not.toMatch(/transfer-encoding|\r\n 2|[^\r]\n/i);
  });

  it('U09: control characters in the reason are taken out, for the client and in the store', async () => {
    origin.answer(bytes('HTTP/1.1 200 O\x01K\x7f \xe9\r\nContent-Length: 2\r\n\r\nok'));
    for (const cache of ['MISS', 'HIT']) {
      const received = await ask();
      expect(received).toContain(`X-Cache: ${cache}`);
      // eslint-disable-next-line no-control-regex -- they are what it looks for
      expect(received.split('\r\n')[0]).toMatch(/^HTTP\/1\.1 200 OK [^\x00-\x1f\x7f]+$/);
      await larder.stored(1);
    }
  });
});

describe('more than was asked for', () => {
  it('U05: the next request never gets the second of two responses', async () => {
    origin.answer(bytes(`${GOOD}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`));
    expect(await ask('/1')).toMatch(/\r\n\r\nok$/);
    origin.answer(bytes(GOOD));
    for (const target of ['/2', '/3']) expect(await ask(target)).toMatch(/\r\n\r\nok$/);
  });

  it('U06: of 200 interim responses and a final one only that is stored', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';
    origin.answer(bytes(hint.repeat(200) + GOOD));
    const received = await ask();
    expect(received.match(/HTTP\/1\.1 103/g)?.length).toBeLessThanOrEqual(200);
    expect(received).toMatch(/HTTP\/1\.1 200 OK[^]*\r\n\r\nok$/);
    await larder.stored(1);
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 OK[^]*X-Cache: HIT/);
  });

  it('U06: interim responses without end are given up', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';
    origin.answer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(hint.repeat(50)));
      };
      socket.on('drain', more);
      more();
    });
    const received = await ask();
    expect(received).toMatch(/HTTP\/1\.1 502 /);
    expect(received).toContain('interim responses without end');
  });

  it('U06: nobody keeps interim responses for a client that does not read', async () => {
    const hint = `HTTP/1.1 103 Early Hints\r\nLink: </${'a'.repeat(30_000)}>; rel=preload\r\n\r\n`;
    origin.answer(bytes(hint.repeat(900) + GOOD));
    const socket = connect(larder.port, '127.0.0.1', () =>
      socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    );
    socket.pause();
    await larder.stored(1);
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toMatch(/HTTP\/1\.1 200 OK[^]*\r\n\r\nok$/);
  });

  it('U07: a 304 with Content-Length freshens', async () => {
    origin.answer(bytes('HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 2\r\n\r\nok'));
    await ask();
    await larder.stored(1);
    larder.clock.advance(301);
    origin.answer(bytes('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 2\r\n\r\n'));
    const answer = await larder.get('/a');
    expect([answer.status, answer.text]).toEqual([200, 'ok']);
    await waitUntil(async () => (await larder.get('/a')).headers['cache-status'] === 'larder; hit; ttl=300');
  });

  it('U07: a 204 with Content-Length and body loses both', async () => {
    origin.answer(bytes('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nevil!'));
    for (const cache of ['MISS', 'HIT']) {
      const received = await ask();
      expect(received).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
      expect(received).toContain(`X-Cache: ${cache}`);
      expect(received).not.toMatch(/content-length|evil/i);
      await larder.stored(1);
    }
  });

  it('U10: what is encoded is passed through as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    origin.answer((socket) => void socket.write(Buffer.concat([Buffer.from(head), bomb])));
    for (const cache of ['MISS', 'HIT']) {
      const answer = await larder.get('/a', { headers: { 'Accept-Encoding': 'gzip' } });
      expect(answer.headers['x-cache']).toBe(cache);
      expect(answer.body.equals(bomb)).toBe(true);
      await larder.stored(1);
    }
    expect(larder.engine.status().store.bytes).toBeLessThan(64 * 1024);
  });

  it('U10: six encodings one upon the other are as good as any', async () => {
    const encodings = 'gzip, gzip, gzip, gzip, gzip, gzip';
    origin.answer(bytes(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encodings}\r\nContent-Length: 2\r\n\r\nok`));
    const answer = await larder.get('/a');
    expect([answer.text, answer.headers['content-encoding']]).toEqual(['ok', encodings]);
  });
});

describe('fields and framing', () => {
  it('latin1 bytes, empty values and 500 times Set-Cookie come as they were', async () => {
    const cookies = Array.from({ length: 500 }, (_, index) => `Set-Cookie: c${index}=1\r\n`).join('');
    origin.answer(
      bytes(`HTTP/1.1 200 \r\nX-Latin: caf\xe9\r\nX-Empty:\r\n${cookies}Content-Length: 2\r\n\r\nok`),
    );
    const first = await ask();
    expect(first).toMatch(/^HTTP\/1\.1 200 \r\nX-Latin: caf\xe9\r\nX-Empty: ?\r\n/);
    expect(first.match(/Set-Cookie: /g)).toHaveLength(500);
    await larder.stored(1);
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 \r\nX-Latin: caf\xe9\r\nX-Empty: ?\r\n/);
  });

  it('a Date is added where the origin sent none, the same on the miss and on its hits', async () => {
    origin.answer(bytes(GOOD));
    const first = await larder.get('/a');
    expect(first.headers['date']).toBe(new Date(larder.clock.now()).toUTCString());
    await larder.stored(1);
    larder.clock.advance(60);
    const hit = await larder.get('/a');
    expect([hit.headers['date'], hit.headers['age']]).toEqual([first.headers['date'], '60']);
  });

  it('a 304 without Date dates what it freshened', async () => {
    origin.answer(bytes('HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 2\r\n\r\nok'));
    await ask();
    await larder.stored(1);
    larder.clock.advance(400);
    origin.answer(bytes('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'));
    const answer = await larder.get('/a');
    expect(answer.rawHeaders.filter((name) => name === 'Date')).toHaveLength(1);
    expect(answer.headers['date']).toBe(new Date(larder.clock.now()).toUTCString());
  });

  it('a hit on what came in chunks has a length', async () => {
    origin.answer(
      bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n'),
    );
    await ask();
    await larder.stored(1);
    const hit = await larder.get('/a');
    expect([hit.text, hit.headers['content-length'], hit.headers['transfer-encoding']]).toEqual([
      'ok',
      '2',
      undefined,
    ]);
  });

  it.each(['205 Reset Content', '304 Not Modified', '999 Odd'])('%s is passed on', async (status) => {
    origin.answer(bytes(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`));
    expect(await ask()).toMatch(new RegExp(`^HTTP/1\\.1 ${status}\r\n`));
  });

  it('a client of HTTP/1.0 gets neither chunks nor interim responses', async () => {
    origin.answer(
      bytes(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      ),
    );
    const received = await sendRaw(larder.port, 'GET /a HTTP/1.0\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/);
    expect(received).not.toMatch(/transfer-encoding/i);
  });

  it('C13: hop-by-hop fields of a 304 are not stored', async () => {
    origin.answer(bytes('HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 2\r\n\r\nok'));
    await ask();
    await larder.stored(1);
    larder.clock.advance(301);
    origin.answer(
      bytes('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\n'),
    );
    const answer = await larder.get('/a');
    expect([answer.headers['x-hop'], answer.headers['x-end']]).toEqual([undefined, '2']);
  });
});
