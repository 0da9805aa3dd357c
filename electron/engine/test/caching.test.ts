import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

async function getTwice(target: string, headers: Record<string, string> = {}) {
  const first = await larder.get(target, { headers });
  const second = await larder.get(target, { headers });
  return { first, second };
}

describe('a hit', () => {
  it('answers the second GET from the store', async () => {
    const { first, second } = await getTwice('/a?b=1');
    expect(first.headers['x-cache']).toBe('MISS');
    expect(first.headers['cache-status']).toBe('larder; fwd=uri-miss; fwd-status=200; stored; ttl=300');
    expect(second.headers['x-cache']).toBe('HIT');
    expect(second.headers['cache-status']).toBe('larder; hit; ttl=300');
    expect(second.headers['age']).toBe('0');
    expect(second.headers['via']).toBe('1.1 larder');
    expect(second.text).toBe('hello /a?b=1');
    expect(larder.origin.requests).toHaveLength(1);
  });

  it('counts age and remaining lifetime', async () => {
    await larder.get('/a');
    larder.clock.advance(13);
    const hit = await larder.get('/a');
    expect(hit.headers['age']).toBe('13');
    expect(hit.headers['cache-status']).toBe('larder; hit; ttl=287');
  });

  it('keeps the fields of the origin in order, case and repetition', async () => {
    larder.origin.answer((_request, response) => {
      response.sendDate = false;
      response.writeHead(200, [
        'X-One',
        '1',
        'x-TWO',
        'b',
        'X-One',
        '2',
        'ETag',
        '"e"',
        'Date',
        new Date().toUTCString(),
      ]);
      response.end('body');
    });
    const { second } = await getTwice('/fields');
    expect(second.headers['x-cache']).toBe('HIT');
    expect(second.rawHeaders.slice(0, 8)).toEqual(['X-One', '1', 'x-TWO', 'b', 'X-One', '2', 'ETag', '"e"']);
  });

  it('answers HEAD from a stored GET', async () => {
    await larder.get('/a');
    const head = await larder.get('/a', { method: 'HEAD' });
    expect(head.headers['x-cache']).toBe('HIT');
    expect(head.headers['content-length']).toBe('8');
    expect(head.body).toHaveLength(0);
  });

  it('never answers GET from a stored HEAD', async () => {
    await larder.get('/a', { method: 'HEAD' });
    await larder.stored(1);
    const again = await larder.get('/a', { method: 'HEAD' });
    expect(again.headers['x-cache']).toBe('HIT');
    const get = await larder.get('/a');
    expect(get.headers['x-cache']).toBe('MISS');
    expect(get.text).toBe('hello /a');
  });

  it('answers a condition of the client with 304', async () => {
    larder.origin.answer((_request, response) => response.writeHead(200, { ETag: '"v1"' }).end('body'));
    await larder.get('/a');
    const answer = await larder.get('/a', { headers: { 'If-None-Match': 'W/"v1"' } });
    expect(answer.status).toBe(304);
    expect(answer.headers['x-cache']).toBe('HIT');
    expect(answer.headers['etag']).toBe('"v1"');
    expect(larder.origin.requests).toHaveLength(1);
  });

  it('appends to the Cache-Status and Via of the origin, and replaces its X-Cache', async () => {
    larder.origin.answer((_request, response) => {
      response
        .writeHead(200, { 'Cache-Status': 'cdn; hit', Via: '1.1 cdn', 'X-Cache': 'Hit from cdn', Age: '7' })
        .end('body');
    });
    const { first, second } = await getTwice('/a');
    expect(first.headers['x-cache']).toBe('MISS');
    expect(first.headers['age']).toBe('7');
    expect(second.headers['cache-status']).toBe('cdn; hit, larder; hit; ttl=300');
    expect(second.headers['via']).toBe('1.1 cdn, 1.1 larder');
    expect(second.headers['x-cache']).toBe('HIT');
    expect(second.headers['age']).toBe('7');
  });
});

describe('policy override', () => {
  it.each([200, 203, 204, 300, 301, 308])('stores status %d', async (status) => {
    larder.origin.answer((_request, response) => response.writeHead(status, { Location: '/x' }).end());
    const { second } = await getTwice('/a');
    expect([second.status, second.headers['x-cache']]).toEqual([status, 'HIT']);
  });

  it.each([201, 302, 307, 400, 401, 404, 410, 500, 503])('does not store status %d', async (status) => {
    larder.origin.answer((_request, response) =>
      response.writeHead(status, { 'Cache-Control': 'max-age=60' }).end(),
    );
    const { second } = await getTwice('/a');
    expect([second.status, second.headers['x-cache']]).toEqual([status, 'MISS']);
  });

  it.each(['no-store', 'private', 'no-cache', 'max-age=0'])(
    'does not obey Cache-Control: %s of a response',
    async (value) => {
      larder.origin.answer((_request, response) =>
        response.writeHead(200, { 'Cache-Control': value }).end('x'),
      );
      const { second } = await getTwice('/a');
      expect(second.headers['x-cache']).toBe('HIT');
      expect(second.headers['cache-control']).toBe(value);
    },
  );

  it('keeps responses to requests with credentials apart', async () => {
    larder.origin.answer((request, response) =>
      response.end(`for ${request.headers.authorization} ${request.headers.cookie}`),
    );
    const ann = { Authorization: 'Bearer ann' };
    await larder.get('/me', { headers: ann });
    const bob = await larder.get('/me', { headers: { Authorization: 'Bearer bob' } });
    const nobody = await larder.get('/me');
    const cookie = await larder.get('/me', { headers: { Cookie: 'session=1' } });
    const again = await larder.get('/me', { headers: ann });
    expect([bob, nobody, cookie].map((answer) => answer.headers['x-cache'])).toEqual([
      'MISS',
      'MISS',
      'MISS',
    ]);
    expect(again.headers['x-cache']).toBe('HIT');
    expect(again.text).toBe('for Bearer ann undefined');
    expect(larder.exchanges.at(-1)?.facts.forThisUser).toBe(true);
  });

  it('does not tell users apart by an analytics cookie', async () => {
    await larder.get('/a', { headers: { Cookie: '_ga=1' } });
    expect((await larder.get('/a', { headers: { Cookie: '_ga=2' } })).headers['x-cache']).toBe('HIT');
  });

  it('does not replay Set-Cookie', async () => {
    larder.origin.answer((_request, response) => response.writeHead(200, { 'Set-Cookie': 'sid=1' }).end('x'));
    const { first, second } = await getTwice('/a');
    expect(first.headers['set-cookie']).toEqual(['sid=1']);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('revalidates when the TTL is over and a validator is stored', async () => {
    larder.origin.answer((request, response) => {
      if (request.headers['if-none-match'] === '"v1"')
        response.writeHead(304, { ETag: '"v1"', 'X-New': '1' }).end();
      else response.writeHead(200, { ETag: '"v1"' }).end('body');
    });
    await larder.get('/a');
    larder.clock.advance(301);
    const revalidated = await larder.get('/a');
    expect(revalidated.status).toBe(200);
    expect(revalidated.text).toBe('body');
    expect(revalidated.headers['x-cache']).toBe('HIT');
    expect(revalidated.headers['cache-status']).toBe('larder; fwd=stale; fwd-status=304');
    expect(revalidated.headers['x-new']).toBe('1');
    await waitUntil(async () => (await larder.get('/a')).headers['cache-status'] === 'larder; hit; ttl=300');
    expect(larder.exchanges.map((exchange) => exchange.reason)).toContain('revalidated');
  });

  it('fetches anew when the TTL is over and there is no validator', async () => {
    await larder.get('/a');
    larder.clock.advance(301);
    const again = await larder.get('/a');
    expect(again.headers['cache-status']).toBe('larder; fwd=stale; fwd-status=200; stored; ttl=300');
    expect(larder.exchanges.at(-1)?.reason).toBe('expired');
  });

  it('serves what is stored when the origin is down and the TTL is over', async () => {
    await larder.get('/a');
    larder.clock.advance(400);
    await larder.origin.close();
    const stale = await larder.get('/a');
    expect(stale.status).toBe(200);
    expect(stale.headers['x-cache']).toBe('HIT');
    expect(stale.headers['cache-status']).toBe('larder; hit; ttl=-100; detail=origin_unreachable');
    expect(larder.exchanges.at(-1)?.outcome).toBe('STALE');
    expect(larder.engine.status().originHealth.state).toBe('unreachable');
  });

  it('reload goes to the origin and refreshes what is stored', async () => {
    let version = 1;
    larder.origin.answer((_request, response) => response.end(`v${version}`));
    await larder.get('/a');
    version = 2;
    const reload = await larder.get('/a', { headers: { 'Cache-Control': 'no-cache' } });
    expect([reload.text, reload.headers['x-cache']]).toEqual(['v2', 'MISS']);
    await waitUntil(async () => (await larder.get('/a')).text === 'v2');
    const after = await larder.get('/a');
    expect([after.text, after.headers['x-cache']]).toEqual(['v2', 'HIT']);
  });

  it.each([
    ['Cache-Control', 'no-store', 'request-no-store'],
    ['X-HTTP-Method-Override', 'DELETE', 'unkeyed-input'],
  ])('passes a request with %s: %s through', async (name, value, reason) => {
    await larder.get('/a');
    await larder.stored(1);
    const passed = await larder.get('/a', { headers: { [name]: value } });
    expect(passed.headers['x-cache']).toBe('MISS');
    expect(larder.exchanges.at(-1)).toMatchObject({ outcome: 'PASS', reason });
    expect(larder.origin.requests).toHaveLength(2);
    expect(larder.origin.requests[1]?.headers[name.toLowerCase()]).toBe(value);
  });

  it('honours Vary', async () => {
    larder.origin.answer((request, response) => {
      response.writeHead(200, { Vary: 'Accept-Language' }).end(`in ${request.headers['accept-language']}`);
    });
    await larder.get('/a', { headers: { 'Accept-Language': 'de' } });
    const english = await larder.get('/a', { headers: { 'Accept-Language': 'en' } });
    expect(english.headers['cache-status']).toContain('fwd=vary-miss');
    expect(larder.exchanges.at(-1)).toMatchObject({
      reason: 'vary-differs',
      facts: { varyFields: ['accept-language'] },
    });
    const german = await larder.get('/a', { headers: { 'Accept-Language': 'de' } });
    expect([german.text, german.headers['x-cache']]).toEqual(['in de', 'HIT']);
  });

  it('stores nothing with a TTL of 0', async () => {
    await larder.apply({ ttlSeconds: 0 });
    const { second } = await getTwice('/a');
    expect(second.headers['x-cache']).toBe('MISS');
  });

  it('does not let forwarding fields of a client into what others get', async () => {
    larder.origin.answer((request, response) => response.end(JSON.stringify(request.headers)));
    const first = await larder.get('/a', {
      headers: { 'X-Forwarded-Host': 'evil', 'X-Forwarded-Proto': 'evil', Forwarded: 'host=evil' },
    });
    expect(first.text).not.toContain('evil');
    const foreign = await larder.get('/a', { headers: { Host: 'evil.test' } });
    expect(foreign.text).toContain('evil.test');
    const clean = await larder.get('/a');
    expect(clean.headers['x-cache']).toBe('HIT');
    expect(clean.text).not.toContain('evil');
  });

  it('keeps origins apart', async () => {
    await larder.get('/a');
    await larder.stored(1);
    await larder.apply({ origin: `http://localhost:${larder.origin.port}` });
    expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
  });
});

describe('policy respect', () => {
  beforeEach(() => larder.apply({ policy: 'respect' }));

  it.each([
    ['max-age=60', 'HIT'],
    ['s-maxage=60, max-age=0', 'HIT'],
    ['no-store', 'MISS'],
    ['private, max-age=60', 'MISS'],
    ['', 'MISS'],
  ])('with Cache-Control: %s the second GET is a %s', async (value, expected) => {
    larder.origin.answer((_request, response) =>
      response.writeHead(200, value === '' ? {} : { 'Cache-Control': value }).end('x'),
    );
    const { second } = await getTwice('/a');
    expect(second.headers['x-cache']).toBe(expected);
  });

  it('uses a TTL where one was given and the origin says nothing', async () => {
    await larder.apply({ ttlSeconds: 60 });
    const { second } = await getTwice('/a');
    expect(second.headers['cache-status']).toBe('larder; hit; ttl=60');
  });

  it('validates what says no-cache', async () => {
    larder.origin.answer((request, response) => {
      if (request.headers['if-none-match'] === undefined)
        response.writeHead(200, { ETag: '"1"', 'Cache-Control': 'no-cache' }).end('x');
      else response.writeHead(304, { ETag: '"1"', 'Cache-Control': 'no-cache' }).end();
    });
    const { second } = await getTwice('/a');
    expect(second.headers['x-cache']).toBe('HIT');
    expect(second.headers['cache-status']).toContain('fwd-status=304');
    expect(larder.origin.requests).toHaveLength(2);
  });

  it('stores a response to Authorization only where the origin allows it', async () => {
    const headers = { Authorization: 'Bearer a' };
    larder.origin.answer((_request, response) =>
      response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end('x'),
    );
    expect((await getTwice('/no', headers)).second.headers['x-cache']).toBe('MISS');
    larder.origin.answer((_request, response) =>
      response.writeHead(200, { 'Cache-Control': 'public, max-age=60' }).end('x'),
    );
    expect((await getTwice('/yes', headers)).second.headers['x-cache']).toBe('HIT');
  });
});

describe('invalidation', () => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
    '%s removes what is stored for the target, for every user',
    async (method) => {
      await larder.get('/cart');
      await larder.get('/cart', { headers: { Authorization: 'a' } });
      await larder.stored(2);
      await larder.get('/cart', { method });
      expect(larder.engine.status().store.entries).toBe(0);
      const after = await larder.get('/cart');
      expect(after.headers['x-cache']).toBe('MISS');
      expect(larder.exchanges.at(-1)).toMatchObject({
        reason: 'invalidated',
        facts: { invalidatedBy: `${method} /cart` },
      });
    },
  );

  it('leaves what is stored where the unsafe request failed', async () => {
    await larder.get('/cart');
    await larder.stored(1);
    larder.origin.answer((_request, response) => response.writeHead(409).end());
    await larder.get('/cart', { method: 'POST', body: 'x' });
    expect((await larder.get('/cart')).headers['x-cache']).toBe('HIT');
  });

  it('does not store what was asked before a clear', async () => {
    let release = (): void => {};
    larder.origin.answer((_request, response) => (release = () => void response.end('old')));
    const asked = larder.get('/a');
    await waitUntil(() => larder.origin.requests.length === 1);
    await larder.engine.clear();
    release();
    expect((await asked).text).toBe('old');
    larder.origin.answer((_request, response) => response.end('new'));
    const after = await larder.get('/a');
    expect([after.text, after.headers['x-cache']]).toEqual(['new', 'MISS']);
    expect(larder.exchanges[0]?.notStored).toBe('invalidated-meanwhile');
  });
});
