import { createHash, randomBytes } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { send, sendRaw } from './client';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

describe('the request on its way to the origin', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'M-SEARCH', 'REPORT'])(
    'passes %s on',
    async (method) => {
      const answer = await larder.get('/a', { method });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-cache']).toBe('MISS');
      expect(answer.headers['cache-status']).toBe('larder; fwd=method; fwd-status=200');
      expect(larder.origin.requests[0]?.method).toBe(method);
    },
  );

  it('streams a body with its length', async () => {
    const body = randomBytes(300_000).toString('latin1');
    const bytes = Buffer.from(body, 'latin1');
    await larder.get('/a', {
      method: 'PUT',
      body: bytes,
      headers: { 'Content-Length': String(bytes.length) },
    });
    expect(larder.origin.requests[0]?.body === body).toBe(true);
    expect(larder.origin.requests[0]?.headers['content-length']).toBe('300000');
  });

  it('streams a chunked body', async () => {
    await larder.get('/a', { method: 'POST', body: 'chunked', headers: { 'Transfer-Encoding': 'chunked' } });
    expect(larder.origin.requests[0]?.body).toBe('chunked');
    expect(larder.origin.requests[0]?.headers['transfer-encoding']).toBe('chunked');
  });

  it('answers Expect: 100-continue once the origin takes the body', async () => {
    const received = await sendRaw(
      larder.port,
      'POST /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi',
    );
    expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(larder.origin.requests[0]?.body).toBe('hi');
    expect(larder.origin.requests[0]?.headers.expect).toBeUndefined();
  });

  it('removes hop-by-hop fields, sets Host and adds the forwarding fields', async () => {
    await sendRaw(
      larder.port,
      'GET /a HTTP/1.1\r\nHost: localhost:1\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: gzip\r\nProxy-Authorization: x\r\nX-End: 2\r\nVia: 1.0 before\r\n\r\n',
    );
    const headers = larder.origin.requests[0]?.headers ?? {};
    expect(headers).not.toHaveProperty('x-hop');
    expect(headers).not.toHaveProperty('te');
    expect(headers).not.toHaveProperty('proxy-authorization');
    expect(headers['x-end']).toBe('2');
    expect(headers.host).toBe(`127.0.0.1:${larder.origin.port}`);
    expect(headers.via).toBe('1.0 before, 1.1 larder');
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(headers['x-forwarded-host']).toBe('localhost:1');
  });

  it('respects the path prefix of the origin', async () => {
    await larder.apply({ origin: `${larder.origin.url}/v2/` });
    await larder.get('/products?x=1');
    expect(larder.origin.requests[0]?.url).toBe('/v2/products?x=1');
  });

  it.each(['//evil/x', '/\\evil/x', '/%2e%2e/x', '/a;b=1?c#'.slice(0, -1)])(
    'sends the target %s byte for byte',
    async (target) => {
      const received = await sendRaw(
        larder.port,
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(received).toMatch(/^HTTP\/1\.1 200/);
      expect(larder.origin.requests[0]?.url).toBe(target);
    },
  );
});

describe('the response on its way to the client', () => {
  it.each([200, 206, 302, 401, 404, 418, 500, 599, 999])('passes status %d on', async (status) => {
    larder.origin.answer((_request, response) => response.writeHead(status, 'Its Own Words').end('x'));
    const answer = await larder.get('/a');
    expect([answer.status, answer.statusText]).toEqual([status, 'Its Own Words']);
  });

  it('passes trailers on, first and from the store', async () => {
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { Trailer: 'X-Sum' });
      response.write('body');
      response.addTrailers({ 'X-Sum': '42' });
      response.end();
    });
    const first = await larder.get('/a');
    const second = await larder.get('/a');
    expect(first.trailers).toEqual({ 'x-sum': '42' });
    expect([second.headers['x-cache'], second.trailers]).toEqual(['HIT', { 'x-sum': '42' }]);
  });

  it('passes interim responses on and does not store them', async () => {
    larder.origin.answer((_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload', 'x-hint': '1' });
      response.end('final');
    });
    const first = await larder.get('/a');
    expect(first.interim.map(({ status }) => status)).toEqual([102, 103]);
    expect(first.interim[1]?.headers).toMatchObject({ link: '</a.css>; rel=preload', 'x-hint': '1' });
    const second = await larder.get('/a');
    expect([second.text, second.interim, second.headers['x-cache']]).toEqual(['final', [], 'HIT']);
  });

  it('removes hop-by-hop fields', async () => {
    larder.origin.answer((_request, response) => {
      response
        .writeHead(200, { Connection: 'close, X-Hop', 'X-Hop': '1', 'Keep-Alive': 'timeout=9', 'X-End': '2' })
        .end('x');
    });
    const { headers } = await larder.get('/a');
    expect(headers['x-hop']).toBeUndefined();
    expect(headers['x-end']).toBe('2');
    expect(headers['connection']).not.toContain('X-Hop');
  });

  it('streams server-sent events as they come and stores none', async () => {
    let push: (text: string) => void = () => {};
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      push = (text) => response.write(text);
      push('data: 1\n\n');
    });
    const received: string[] = [];
    const request = httpRequest({ host: '127.0.0.1', port: larder.port, path: '/events' }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => received.push(chunk));
      response.on('error', () => {});
    });
    request.on('error', () => {});
    request.end();
    await waitUntil(() => received.join('') === 'data: 1\n\n');
    push('data: 2\n\n');
    await waitUntil(() => received.join('') === 'data: 1\n\ndata: 2\n\n');
    request.destroy();
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ stored: false, notStored: 'endless', reason: 'client-left' });
  });

  it('does not store what the origin broke off, and breaks it off for the client', async () => {
    larder.origin.answer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' });
      response.write('half', () => response.destroy());
    });
    await expect(larder.get('/a')).rejects.toThrow(/aborted|hang up/);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ outcome: 'ERROR', stored: false, notStored: 'incomplete' });
    larder.origin.answer((_request, response) => response.end('whole'));
    expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
  });

  it('passes a large body through unstored, with backpressure', async () => {
    await larder.apply({ maxBodyBytes: 1024 * 1024 });
    const piece = randomBytes(64 * 1024);
    const pieces = 320;
    let written = 0;
    larder.origin.answer((_request, response) => {
      const more = (): void => {
        while (written < pieces) {
          written += 1;
          if (!response.write(piece)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const hash = createHash('sha256');
    let bytes = 0;
    let paused: (() => void) | null = null;
    const done = new Promise<void>((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port: larder.port, path: '/big' }, (response) => {
        response.pause();
        paused = () => response.resume();
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          hash.update(chunk);
        });
        response.on('end', resolve);
        response.on('error', reject);
      }).end();
    });
    await waitUntil(() => paused !== null);
    // Nobody reads: the origin stops long before the end.
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(pieces);
    (paused as unknown as () => void)();
    await done;
    expect(bytes).toBe(pieces * piece.length);
    expect(hash.digest('hex')).toBe(
      createHash('sha256')
        .update(Buffer.concat(Array.from({ length: pieces }, () => piece)))
        .digest('hex'),
    );
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]?.notStored).toBe('too-large');
    expect(larder.engine.status().store.entries).toBe(0);
  });
});

describe('upgrades', () => {
  it('tunnels a WebSocket in both directions', async () => {
    const sockets = new WebSocketServer({ server: larder.origin.server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${String(data)}`)));
    const client = new WebSocket(`ws://127.0.0.1:${larder.port}/socket`);
    const reply = await new Promise<string>((resolve, reject) => {
      client.on('open', () => client.send('hi'));
      client.on('message', (data) => resolve(String(data)));
      client.on('error', reject);
    });
    expect(reply).toBe('echo hi');
    client.close();
    sockets.close();
    expect(larder.exchanges[0]).toMatchObject({
      outcome: 'PASS',
      reason: 'upgrade',
      status: 101,
      target: '/socket',
    });
  });

  it('sends the answer of an origin that does not upgrade', async () => {
    larder.origin.answer((_request, response) => response.writeHead(403).end('no'));
    const received = await sendRaw(
      larder.port,
      'GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(received).toMatch(/^HTTP\/1\.1 403/);
    expect(received).toContain('X-Cache: MISS');
    expect(received).toMatch(/no/);
  });

  it('refuses h2c and relays nothing', async () => {
    const received = await sendRaw(
      larder.port,
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n\r\n',
    );
    expect(received).toMatch(/^HTTP\/1\.1 501/);
    expect(larder.origin.requests).toHaveLength(0);
  });
});

describe('requests that must not be forwarded', () => {
  it.each([
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a broken Host', 'GET / HTTP/1.1\r\nHost: a b/../@c\r\n\r\n', 400],
    ['an absolute target', 'GET http://evil/x HTTP/1.1\r\nHost: evil\r\n\r\n', 400],
    ['a target without slash', 'GET @evil/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['an asterisk', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    [
      'both lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['gzip, chunked', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 501],
    ['chunked in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['Connection: host', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n\r\n', 400],
    ['CONNECT', 'CONNECT evil:443 HTTP/1.1\r\nHost: evil\r\n\r\n', 405],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: foo\r\n\r\n', 417],
    ['fields of 17 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17 * 1024)}\r\n\r\n`, 431],
    ['a bare LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ])('%s', async (_name, bytes, status) => {
    const received = await sendRaw(larder.port, bytes);
    expect(received.split(' ')[1]).toBe(String(status));
    expect(received).toContain('"error"');
    expect(larder.origin.requests).toHaveLength(0);
  });

  it('answers OPTIONS * itself', async () => {
    const received = await sendRaw(larder.port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 204/);
    expect(larder.origin.requests).toHaveLength(0);
  });
});

describe('an origin that fails', () => {
  it('refused connections are 502 with a sentence, hits go on', async () => {
    await larder.get('/stored');
    await larder.stored(1);
    await larder.origin.close();
    const failed = await larder.get('/other');
    expect(failed.status).toBe(502);
    expect(JSON.parse(failed.text)).toEqual({
      error: {
        code: 'origin_unreachable',
        message: `${larder.origin.url} refused the connection; is the server running?`,
      },
    });
    expect(failed.headers['cache-status']).toBe('larder; fwd=uri-miss; detail=origin_unreachable');
    expect((await larder.get('/stored')).headers['x-cache']).toBe('HIT');
    expect(larder.exchanges[1]).toMatchObject({ outcome: 'ERROR', reason: 'origin-error', status: 502 });
  });

  it('shows a browser a page', async () => {
    await larder.origin.close();
    const failed = await larder.get('/<script>', { headers: { Accept: 'text/html,*/*' } });
    expect(failed.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(failed.text).toContain('refused the connection');
    expect(failed.text).not.toContain('<script>');
  });

  it('a head that does not come is 504', async () => {
    await larder.apply({ upstream: { ...larder.engine.settings.upstream, headTimeoutMs: 50 } });
    larder.origin.answer(() => {});
    const failed = await larder.get('/slow');
    expect([failed.status, JSON.parse(failed.text).error.code]).toEqual([504, 'origin_timeout']);
  });

  it('a body that stops is broken off', async () => {
    await larder.apply({ upstream: { ...larder.engine.settings.upstream, bodyTimeoutMs: 50 } });
    larder.origin.answer((_request, response) => void response.write('start'));
    await expect(larder.get('/stuck')).rejects.toThrow(/aborted|hang up/);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]?.error?.code).toBe('origin_timeout');
  });

  it('garbage is 502', async () => {
    const garbage = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    await larder.apply({ origin: `http://127.0.0.1:${(garbage.address() as AddressInfo).port}` });
    const failed = await larder.get('/');
    expect([failed.status, JSON.parse(failed.text).error.code]).toEqual([502, 'origin_invalid_response']);
    garbage.close();
  });

  it('tries an idempotent request once more where a reused connection was reset, and POST never', async () => {
    const seen: string[] = [];
    let answered = 0;
    const sockets = new Set<Socket>();
    const fickle = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      let served = 0;
      socket.on('data', (bytes) => {
        seen.push(bytes.toString('latin1').split('\r\n')[0] ?? '');
        served += 1;
        if (served > 1 || seen.at(-1)?.startsWith('POST') === true) {
          socket.resetAndDestroy();
          return;
        }
        answered += 1;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    await new Promise<void>((resolve) => fickle.listen(0, '127.0.0.1', resolve));
    await larder.apply({ origin: `http://127.0.0.1:${(fickle.address() as AddressInfo).port}` });
    expect((await larder.get('/1')).status).toBe(200);
    expect((await larder.get('/2')).text).toBe('ok');
    expect(seen).toEqual(['GET /1 HTTP/1.1', 'GET /2 HTTP/1.1', 'GET /2 HTTP/1.1']);
    const post = await larder.get('/3', { method: 'POST', body: 'x' });
    expect(seen.slice(3)).toEqual(['POST /3 HTTP/1.1']);
    expect(post.status).toBe(502);
    expect(answered).toBe(2);
    for (const socket of sockets) socket.destroy();
    fickle.close();
  });

  it('does not repeat a request that failed on a fresh connection', async () => {
    let connections = 0;
    const closing = createServer((socket) => {
      connections += 1;
      socket.on('data', () => socket.destroy());
    });
    await new Promise<void>((resolve) => closing.listen(0, '127.0.0.1', resolve));
    await larder.apply({ origin: `http://127.0.0.1:${(closing.address() as AddressInfo).port}` });
    expect((await larder.get('/')).status).toBe(502);
    expect(connections).toBe(1);
    closing.close();
  });

  it('a client that leaves ends the request upstream', async () => {
    let closed = false;
    larder.origin.answer((_request, response) => {
      response.on('close', () => (closed = true));
      response.write('half');
    });
    const socket = connect(larder.port, '127.0.0.1', () =>
      socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'),
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await waitUntil(() => closed);
    await waitUntil(() => larder.exchanges.length === 1);
    expect(larder.exchanges[0]).toMatchObject({ reason: 'client-left', stored: false });
    expect(larder.engine.status().originHealth.state).toBe('ok');
  });
});

describe('connections', () => {
  it('reuses one connection to the origin and one of the client', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const target of ['/1', '/2', '/3']) await send(larder.port, target, { agent });
    expect(larder.origin.connections()).toBe(1);
    agent.destroy();
  });
});
