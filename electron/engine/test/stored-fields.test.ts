/** Which fields are stored and sent again, and how (RFC 9111 §3.1, §5.2.2; RFC 9110 §5, §7.6.1), and interim responses, on both stores. */
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ServerResponse } from 'node:http';
import { sendRaw, type ClientAnswer } from './client';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { keeps } from './kept-responses';
import { bytes, startRawOrigin } from './raw-origin';
import type { ReplyFields } from './scripted-origin';

const REQUEST = 'GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
  });

  /** Names in lower case of what is stored for the one stored response. */
  async function storedNames(): Promise<string[]> {
    const [entry] = await larder.entries();
    const details = await larder.engine.entry(entry?.id ?? '');
    return (details?.fields ?? []).map(([name]) => name.toLowerCase());
  }

  /** A miss that is stored, and a hit. */
  async function missAndHit(
    fields: ReplyFields,
    body = 'body',
  ): Promise<[miss: ClientAnswer, hit: ClientAnswer]> {
    larder.says({ fields: { 'Cache-Control': 'max-age=60', ...fields }, body });
    const miss = await larder.get('/a');
    await keeps(larder, `GET 200 ${body}`);
    const hit = await larder.get('/a');
    expect([miss.headers['x-cache'], hit.headers['x-cache']]).toEqual(['MISS', 'HIT']);
    return [miss, hit];
  }

  it('order, repetition, case and bytes of the head are those of the origin', async () => {
    const date = new Date(larder.clock.now()).toUTCString();
    const lines = [
      'HTTP/1.1 200 Its Own Words',
      'x-LOWER-Upper: a',
      `DATE: ${date}`,
      'X-Twice: 1',
      'Cache-Control: max-age=60',
      'X-Between: ,,  b\tc',
      'x-twice: 2',
      'X-Latin: \xe4\xf6\xfc\xff\x80',
      'X-Empty: ',
      'X-Twice: 1',
      'X-Token!#$%&\'*+-.^_`|~: "quoted \\" text"',
      'Content-LENGTH: 4',
    ];
    const origin = await startRawOrigin(bytes(`${lines.join('\r\n')}\r\n\r\nb\xe4dy`));
    try {
      await larder.apply({ origin: origin.url });
      const miss = await sendRaw(larder.port, REQUEST);
      await keeps(larder, 'GET 200 b\xe4dy');
      const hit = await sendRaw(larder.port, REQUEST);
      expect(origin.heads).toHaveLength(1);
      for (const received of [miss, hit]) {
        const [head = '', body] = received.split('\r\n\r\n');
        expect(head.split('\r\n').slice(0, lines.length)).toEqual(lines);
        expect(body).toBe('b\xe4dy');
      }
      expect(miss).toContain('\r\nX-Cache: MISS\r\n');
      expect(hit).toContain('\r\nX-Cache: HIT\r\n');
    } finally {
      await origin.close();
    }
  });

  it('RFC 9110 §7.6.1: what is for one connection is neither stored nor sent again', async () => {
    const [miss, hit] = await missAndHit({
      Connection: 'close, X-Hop, x-OTHER-hop',
      'X-Hop': '1',
      'X-Other-Hop': '1',
      'Keep-Alive': 'timeout=9',
      'Proxy-Authenticate': 'Basic',
      'Proxy-Authentication-Info': 'x',
      'Proxy-Connection': 'close',
      'Proxy-Own': '1',
      TE: 'trailers',
      Upgrade: 'h2c',
      'X-End': '1',
    });
    for (const { headers } of [miss, hit]) {
      expect(headers['x-end']).toBe('1');
      for (const name of [
        'x-hop',
        'x-other-hop',
        'proxy-authenticate',
        'proxy-authentication-info',
        'te',
        'upgrade',
      ])
        expect(headers).not.toHaveProperty(name);
    }
    expect(
      (await storedNames()).filter((name) => !['date', 'cache-control', 'x-end'].includes(name)),
    ).toEqual([]);
    expect(hit.headers).not.toHaveProperty('proxy-own');
  });

  it('the origin may not take from all what one connection does not need: Connection cannot name it', async () => {
    const [, hit] = await missAndHit({
      Connection: 'cache-control, etag, vary, content-type, set-cookie',
      ETag: '"v1"',
      Vary: 'Accept-Language',
      'Content-Type': 'text/plain',
      'Set-Cookie': 'a=1',
    });
    expect(hit.headers).toMatchObject({
      'cache-control': 'max-age=60',
      etag: '"v1"',
      vary: 'Accept-Language',
      'content-type': 'text/plain',
      'set-cookie': ['a=1'],
    });
  });

  it('Set-Cookie is stored as any other field, each line by itself', async () => {
    const [miss, hit] = await missAndHit({ 'Set-Cookie': ['a=1; Path=/', 'b=2, 3'] });
    expect(miss.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2, 3']);
    expect(hit.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2, 3']);
  });

  it('Age, X-Cache and Via are the last hop’s own', async () => {
    const [miss, hit] = await missAndHit({ Age: '7', 'X-Cache': 'Hit from cdn', Via: '1.1 cdn' });
    expect(miss.headers).toMatchObject({ age: '7', via: '1.1 cdn, 1.1 larder' });
    expect(hit.headers).toMatchObject({ age: '7', 'x-cache': 'HIT', via: '1.1 cdn, 1.1 larder' });
  });

  it('trailers are sent again', async () => {
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', Trailer: 'X-Sum, X-Latin' });
      response.write('body');
      response.addTrailers({ 'X-Sum': '42', 'X-Latin': '\xe4' });
      response.end();
    });
    await larder.get('/a');
    await keeps(larder, 'GET 200 body');
    const hit = await larder.get('/a');
    expect([hit.text, hit.headers['x-cache']]).toEqual(['body', 'HIT']);
    expect(hit.trailers).toEqual({ 'x-sum': '42', 'x-latin': '\xe4' });
  });

  describe('Cache-Control in several lines', () => {
    it('is one list, and is sent again as it came', async () => {
      const lines = ['public, max-age=60', 'no-cache="Set-Cookie"', 'must-revalidate'];
      const [, hit] = await missAndHit({ 'Cache-Control': lines, 'Set-Cookie': 'a=1' });
      expect(hit.headers).not.toHaveProperty('set-cookie');
      const sent = hit.rawHeaders.filter((_, index, all) => all[index - 1] === 'Cache-Control');
      expect(sent).toEqual(lines);
      larder.clock.advance(61);
      larder.says('drop');
      expect((await larder.get('/a')).status).toBe(502);
    });

    it.each(['no-store', 'private', 'no-cache'])('counts to the last: %s', async (directive) => {
      larder.says({ fields: { 'Cache-Control': ['max-age=60', 'public', directive] } });
      await larder.get('/a');
      expect((await larder.get('/a')).text).toBe('#2');
    });
  });

  describe('RFC 9111 §5.2.2.4: no-cache="…"', () => {
    const FIELDS = {
      'Cache-Control': 'max-age=60, no-cache="Set-Cookie, x-once"',
      ETag: '"v1"',
      'Set-Cookie': ['a=1', 'b=2'],
      'X-Once': 'first',
      'X-Always': '1',
    };

    it('names fields that a plain hit does not have', async () => {
      const [miss, hit] = await missAndHit(FIELDS);
      expect(miss.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-once': 'first' });
      expect(hit.headers['x-always']).toBe('1');
      for (const answer of [
        hit,
        await larder.get('/a', { method: 'HEAD' }),
        await larder.get('/a', { headers: { Range: 'bytes=0-1' } }),
        await larder.get('/a', { headers: { 'If-None-Match': '"v1"' } }),
      ]) {
        expect(answer.headers['x-cache']).toBe('HIT');
        expect(answer.headers).not.toHaveProperty('set-cookie');
        expect(answer.headers).not.toHaveProperty('x-once');
      }
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('names fields that are there again when the origin has validated the response', async () => {
      await missAndHit(FIELDS);
      larder.clock.advance(61);
      const { 'X-Always': _always, ...again } = FIELDS;
      larder.says({ status: 304, fields: { ...again, 'Set-Cookie': 'c=3' } });
      const validated = await larder.get('/a');
      expect([validated.text, validated.headers['cache-status']]).toEqual([
        'body',
        'larder; fwd=stale; fwd-status=304',
      ]);
      expect(validated.headers).toMatchObject({ 'set-cookie': ['c=3'], 'x-once': 'first', 'x-always': '1' });
      await larder.freshened('/a');
      const hit = await larder.get('/a');
      expect(hit.headers['cache-status']).toBe('larder; hit; ttl=60');
      expect(hit.headers).not.toHaveProperty('set-cookie');
      expect(hit.headers).not.toHaveProperty('x-once');
    });
  });

  it('RFC 9111 §5.2.2.7: private="…" names fields that are not stored', async () => {
    const [miss, hit] = await missAndHit({
      'Cache-Control': 'max-age=60, private="X-User, set-cookie"',
      ETag: '"v1"',
      'X-User': 'ann',
      'Set-Cookie': 'a=1',
      'X-All': '1',
    });
    expect(miss.headers).toMatchObject({ 'x-user': 'ann', 'set-cookie': ['a=1'], 'x-all': '1' });
    expect(hit.headers['x-all']).toBe('1');
    expect(hit.headers).not.toHaveProperty('x-user');
    expect(hit.headers).not.toHaveProperty('set-cookie');
    expect(await storedNames()).not.toContain('x-user');
    larder.clock.advance(61);
    larder.says({
      status: 304,
      fields: { ETag: '"v1"', 'X-User': 'bob', 'Cache-Control': 'max-age=60, private="X-User"' },
    });
    await larder.get('/a');
    await larder.freshened('/a');
    expect((await larder.get('/a')).headers).not.toHaveProperty('x-user');
    expect(await storedNames()).not.toContain('x-user');
  });

  describe('fields that are for one, of a response that several wait for', () => {
    it.each(['private="X-User"', 'no-cache="X-User"'])(
      '%s: the others do not get them',
      async (directive) => {
        const answers = await together({
          'Cache-Control': `max-age=60, ${directive}`,
          'X-User': 'ann',
          'X-All': '1',
          Age: '5',
        });
        const users = answers.filter(({ headers }) => headers['x-user'] !== undefined);
        expect([answers.length, users.length]).toEqual([5, 1]);
        expect(String(users[0]?.headers['cache-status'])).not.toContain('collapsed');
        for (const { text, headers } of answers) {
          expect([text, headers['x-all'], headers['age'], headers['content-length']]).toEqual([
            'body',
            '1',
            '5',
            '4',
          ]);
        }
      },
    );

    it('Set-Cookie is for all', async () => {
      const answers = await together({ 'Cache-Control': 'max-age=60', 'Set-Cookie': 'a=1' });
      expect(answers.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(5);
    });
  });

  /** Five at once, of whom four wait for the first one's response. */
  function together(fields: ReplyFields): Promise<ClientAnswer[]> {
    return askTogether(larder, fields);
  }

  describe('RFC 9110 §15.2: interim responses', () => {
    const HINTS = { link: ['</a.css>; rel=preload', '</b.js>; rel=preload'], 'x-hint': '1' };

    it('are passed on at once, and are neither stored nor sent with hits', async () => {
      const held: ServerResponse[] = [];
      larder.origin.answer((_request, response) => void held.push(response));
      let received = '';
      const socket = connect(larder.port, '127.0.0.1', () => socket.write(REQUEST));
      socket.setEncoding('latin1').on('data', (text: string) => (received += text));
      await waitUntil(() => held.length === 1);
      held[0]?.writeProcessing();
      await waitUntil(() => received === 'HTTP/1.1 102 Processing\r\n\r\n');
      held[0]?.writeEarlyHints(HINTS);
      await waitUntil(
        () => received.includes('HTTP/1.1 103 Early Hints\r\n') && received.endsWith('\r\n\r\n'),
      );
      expect(received).toContain('</a.css>; rel=preload');
      expect(received).toContain('</b.js>; rel=preload');
      expect(received).toMatch(/\r\nx-hint: 1\r\n/i);
      held[0]?.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': '4' }).end('body');
      await waitUntil(() => received.endsWith('body'));
      await keeps(larder, 'GET 200 body');
      expect(await storedNames()).not.toContain('link');
      const hit = await larder.get('/a');
      expect([hit.headers['x-cache'], hit.interim, hit.headers['x-hint']]).toEqual(['HIT', [], undefined]);
    });

    it('are passed on with a validation, and its answer is from the store', async () => {
      await missAndHit({ ETag: '"v1"' });
      larder.clock.advance(61);
      larder.origin.answer((_request, response) => {
        response.writeEarlyHints(HINTS);
        response.writeHead(304, { ETag: '"v1"' }).end();
      });
      const answer = await larder.get('/a');
      expect([answer.interim.map(({ status }) => status), answer.text]).toEqual([[103], 'body']);
      expect(answer.headers).not.toHaveProperty('x-hint');
    });

    it('do not go to HTTP/1.0', async () => {
      larder.origin.answer((_request, response) => {
        response.writeEarlyHints(HINTS);
        response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('body');
      });
      const received = await sendRaw(larder.port, 'GET /a HTTP/1.0\r\n\r\n');
      expect(received).toMatch(/^HTTP\/1\.1 200 /);
      expect(received).not.toContain('103');
    });
  });
});

onEachStore({}, (current) => {
  describe('policy override', () => {
    it('Set-Cookie is neither stored nor sent again, nor after a validation that brings it', async () => {
      const larder = current();
      larder.says({ fields: { 'Set-Cookie': 'sid=1', ETag: '"v1"' }, body: 'body' });
      expect((await larder.get('/a')).headers['set-cookie']).toEqual(['sid=1']);
      await keeps(larder, 'GET 200 body');
      expect((await larder.get('/a')).headers).not.toHaveProperty('set-cookie');
      larder.clock.advance(301);
      larder.says({ status: 304, fields: { 'Set-Cookie': 'sid=2', ETag: '"v1"' } });
      await larder.get('/a');
      await larder.freshened('/a');
      const hit = await larder.get('/a');
      expect(hit.headers['cache-status']).toBe('larder; hit; ttl=300');
      expect(hit.headers).not.toHaveProperty('set-cookie');
    });

    it('C06: Set-Cookie goes to one of those who wait for the same response', async () => {
      const answers = await askTogether(current(), { 'Set-Cookie': 'sid=1' });
      expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => 'body'));
      expect(answers.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(1);
    });

    it('no-cache="…" and private="…" withhold nothing', async () => {
      const larder = current();
      const fields = { 'Cache-Control': 'no-cache="X-A", private="X-B"', 'X-A': '1', 'X-B': '2' };
      larder.says({ fields, body: 'body' });
      await larder.get('/a');
      await keeps(larder, 'GET 200 body');
      expect((await larder.get('/a')).headers).toMatchObject({ 'x-cache': 'HIT', 'x-a': '1', 'x-b': '2' });
    });
  });
});

async function askTogether(larder: LarderOnStore, fields: ReplyFields): Promise<ClientAnswer[]> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  larder.says(async () => {
    await released;
    return { fields: { ...fields, 'Content-Length': '4' }, body: 'body' };
  });
  const answers = Promise.all(Array.from({ length: 5 }, () => larder.get('/a')));
  await waitUntil(() => larder.origin.requests.length === 1);
  await larder.arrived();
  release();
  const all = await answers;
  expect(larder.origin.requests).toHaveLength(1);
  return all;
}
