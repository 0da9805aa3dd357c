import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

async function json(target: string, options = {}) {
  const answer = await larder.get(target, options);
  return { status: answer.status, value: JSON.parse(answer.text), headers: answer.headers };
}

describe('POST /cache/clear', () => {
  it('clears and says how many', async () => {
    await larder.get('/1');
    await larder.get('/2');
    await larder.stored(2);
    expect(await json('/cache/clear', { method: 'POST' })).toMatchObject({
      status: 200,
      value: { cleared: 2 },
    });
    expect((await larder.get('/1')).headers['x-cache']).toBe('MISS');
    expect(larder.events).toContainEqual({ kind: 'cleared', cleared: 2 });
  });

  it.each([
    ['a foreign Origin', { Origin: 'http://evil.test' }],
    ['Origin: null', { Origin: 'null' }],
    ['another localhost port', { Origin: 'http://localhost:1' }],
    ['a cross-site fetch', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a same-site fetch', { 'Sec-Fetch-Site': 'same-site' }],
    ['a foreign Host', { Host: 'evil.test' }],
    ['Host: 0.0.0.0', { Host: '0.0.0.0' }],
    ['a Host that ends like loopback', { Host: 'evil-localhost' }],
  ])('refuses %s with 403 and clears nothing', async (_name, headers) => {
    await larder.get('/1');
    await larder.stored(1);
    const answer = await json('/cache/clear', { method: 'POST', headers });
    expect(answer).toMatchObject({ status: 403, value: { error: { code: 'forbidden' } } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(larder.engine.status().store.entries).toBe(1);
  });

  it('accepts its own Origin', async () => {
    const host = `localhost:${larder.port}`;
    const headers = { Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' };
    expect((await json('/cache/clear', { method: 'POST', headers })).status).toBe(200);
  });

  it('accepts a Host that the developer allowed', async () => {
    await larder.apply({ allowedHosts: ['larder.test'] });
    expect(
      (await json('/cache/clear', { method: 'POST', headers: { Host: 'larder.test:3000' } })).status,
    ).toBe(200);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with 405 and Allow', async (method) => {
    const answer = await larder.get('/cache/clear', { method });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  it('is answered by Larder, not by the origin', async () => {
    await larder.get('/cache/clear?x=1', { method: 'POST' });
    expect(larder.origin.requests).toHaveLength(0);
  });
});

describe('GET /.larder/status', () => {
  it('tells the state of the engine', async () => {
    await larder.get('/1');
    await larder.stored(1);
    await larder.get('/1');
    await waitUntil(() => larder.exchanges.length === 2);
    const { value } = await json('/.larder/status');
    expect(value).toMatchObject({
      version: '0.0.0-test',
      origin: larder.origin.url,
      port: larder.port,
      store: {
        kind: 'memory',
        health: 'ok',
        bodies: { bytes: 8, kept: 8 },
        persistence: { state: 'off' },
        near: null,
      },
      policy: 'override',
      ttl: 300,
      entries: 1,
      hits: 1,
      misses: 1,
      uptime: 0,
    });
    expect(value.bytes).toBeGreaterThan(0);
  });
});

describe('GET /.larder/entries', () => {
  it('lists in pages, searches, shows one, its body, and deletes it', async () => {
    for (const target of ['/apple', '/pear', '/apple/pie']) await larder.get(target);
    await larder.stored(3);
    const first = (await json('/.larder/entries?limit=2')).value;
    const second = (await json(`/.larder/entries?limit=2&cursor=${first.cursor}`)).value;
    expect([first.entries.length, second.entries.length, second.cursor]).toEqual([2, 1, null]);
    const found = (await json('/.larder/entries?q=PEAR')).value.entries;
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      method: 'GET',
      url: `${larder.origin.url}/pear`,
      status: 200,
      contentType: 'text/plain',
      bodyBytes: 11,
      hits: 0,
    });
    const { id } = found[0];
    expect((await json(`/.larder/entries/${id}`)).value.fields).toContainEqual([
      'Content-Type',
      'text/plain',
    ]);
    const body = await larder.get(`/.larder/entries/${id}/body`);
    expect([body.text, body.headers['content-security-policy']]).toEqual([
      'hello /pear',
      "sandbox; default-src 'none'",
    ]);
    expect((await json(`/.larder/entries/${id}`, { method: 'DELETE' })).value).toEqual({ cleared: 1 });
    expect((await json(`/.larder/entries/${id}`)).status).toBe(404);
  });

  it('deletes what matches a glob', async () => {
    for (const target of ['/v1/a', '/v1/b', '/v2/a']) await larder.get(target);
    await larder.stored(3);
    expect((await json('/.larder/entries?match=/v1/*', { method: 'DELETE' })).value).toEqual({ cleared: 2 });
    expect((await json('/.larder/entries', { method: 'DELETE' })).status).toBe(400);
  });

  it.each(['0', '1001', 'x', '1.5'])('refuses limit=%s', async (limit) => {
    expect((await json(`/.larder/entries?limit=${limit}`)).status).toBe(400);
  });

  it('knows no other endpoint', async () => {
    expect((await json('/.larder/nothing')).status).toBe(404);
    expect((await json('/.larder/entries/a/b/c')).status).toBe(404);
  });
});

describe('GET /.larder/events', () => {
  it('streams one event per exchange', async () => {
    let received = '';
    const request = httpRequest(
      { host: '127.0.0.1', port: larder.port, path: '/.larder/events' },
      (response) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (received += chunk));
        response.on('error', () => {});
      },
    );
    request.on('error', () => {});
    request.end();
    await waitUntil(() => received.includes(': larder'));
    await larder.get('/seen');
    await waitUntil(() => received.includes('event: exchange'));
    const data = JSON.parse(/^data: (.*)$/m.exec(received)?.[1] ?? '');
    expect(data).toMatchObject({ method: 'GET', target: '/seen', outcome: 'MISS', status: 200 });
    request.destroy();
  });
});
