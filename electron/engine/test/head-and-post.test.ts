/** HEAD (RFC 9111 §4.3.5, RFC 9110 §9.3.2) and POST that may be stored (RFC 9110 §9.3.3), on both stores. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientAnswer } from './client';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import type { ReplyFields, ReplyMessage } from './scripted-origin';

const MODIFIED = 'Sun, 01 Feb 2026 12:00:00 GMT';
const FIELDS = { 'Cache-Control': 'max-age=60', ETag: '"v1"', 'Last-Modified': MODIFIED, 'X-Version': '1' };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
  });

  function head(headers: Record<string, string> = {}): Promise<ClientAnswer> {
    return larder.get('/a', { method: 'HEAD', headers });
  }

  async function storeGet(fields: ReplyFields = FIELDS): Promise<void> {
    larder.says({ fields: { ...fields, 'Content-Length': '4' }, body: 'body' });
    expect(inWords(await larder.get('/a'))).toBe('MISS 200 body');
    await keeps(larder, 'GET 200 body');
  }

  /** When the stored GET stops being fresh, in seconds from now. */
  async function expiresIn(): Promise<number> {
    const get = (await larder.entries()).find(({ method }) => method === 'GET');
    return ((get?.expiresAt ?? 0) - larder.clock.now()) / 1000;
  }

  describe('HEAD', () => {
    it('is answered from a stored GET, with its length and without its body', async () => {
      await storeGet();
      larder.clock.advance(9);
      const answer = await head();
      expect(inWords(answer)).toBe('HIT 200 ');
      expect(answer.headers).toMatchObject({
        'content-length': '4',
        etag: '"v1"',
        age: '9',
        'cache-status': 'larder; hit; ttl=51',
      });
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('is told the length of a stored GET that came without one', async () => {
      larder.origin.answer((_request, response) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60' }).write('ab');
        response.end('cd');
      });
      await larder.get('/a');
      await keeps(larder, 'GET 200 abcd');
      expect((await head()).headers).toMatchObject({ 'content-length': '4', 'x-cache': 'HIT' });
    });

    it('is answered with 304 from a stored GET that the client has', async () => {
      await storeGet();
      const answer = await head({ 'If-None-Match': '"v1"' });
      expect(inWords(answer)).toBe('HIT 304 ');
    });

    it('is stored by itself, and never answers GET', async () => {
      larder.says({ fields: { ...FIELDS, 'Content-Length': '4' }, body: 'body' });
      expect(inWords(await head())).toBe('MISS 200 ');
      await keeps(larder, 'HEAD 200 ');
      const again = await head();
      expect([inWords(again), again.headers['content-length']]).toEqual(['HIT 200 ', '4']);
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 body');
      expect(inWords(await larder.get('/a', { headers: { Range: 'bytes=0-1' } }))).toBe('HIT 206 bo');
      expect(larder.origin.requests).toHaveLength(2);
    });

    it('that is stored gives no tag to ask GET by', async () => {
      larder.says({ fields: { ...FIELDS, 'Cache-Control': 'no-cache' }, body: 'body' });
      await head();
      await keeps(larder, 'HEAD 200 ');
      await larder.get('/a');
      expect(larder.origin.requests[1]?.headers).not.toHaveProperty('if-none-match');
    });

    it('validates a stored GET that is not fresh: 304 freshens that', async () => {
      await storeGet();
      larder.clock.advance(61);
      larder.says({ status: 304, fields: { ETag: '"v1"', 'Cache-Control': 'max-age=90', 'X-Version': '2' } });
      const answer = await head();
      expect(inWords(answer)).toBe('HIT 200 ');
      expect(answer.headers).toMatchObject({
        'cache-status': 'larder; fwd=stale; fwd-status=304',
        'content-length': '4',
        'x-version': '2',
      });
      expect(larder.origin.requests[1]).toMatchObject({
        method: 'HEAD',
        headers: { 'if-none-match': '"v1"' },
      });
      await larder.freshened('/a');
      const get = await larder.get('/a');
      expect([inWords(get), get.headers['x-version']]).toEqual(['HIT 200 body', '2']);
      expect(get.headers['cache-status']).toBe('larder; hit; ttl=90');
    });
  });

  describe('RFC 9111 §4.3.5: 200 to HEAD', () => {
    const NEWER = { 'Cache-Control': 'max-age=90', 'X-Version': '2' };

    it.each<[string, ReplyFields]>([
      ['all that it says agrees', { ETag: '"v1"', 'Last-Modified': MODIFIED, 'Content-Length': '4' }],
      ['it says only the tag', { ETag: '"v1"' }],
      ['it says only the date', { 'Last-Modified': MODIFIED }],
      ['it says only the length', { 'Content-Length': '4' }],
      ['it says nothing of them', {}],
    ])('freshens the stored GET where %s', async (_name, fields) => {
      await storeGet();
      larder.clock.advance(61);
      larder.says({ fields: { ...NEWER, ...fields } });
      expect(inWords(await head())).toBe('MISS 200 ');
      await waitUntil(async () => (await expiresIn()) === 90);
      const get = await larder.get('/a');
      expect(inWords(get)).toBe('HIT 200 body');
      expect(get.headers).toMatchObject({
        etag: '"v1"',
        'last-modified': MODIFIED,
        'content-length': '4',
        'x-version': '2',
        age: '0',
        'cache-status': 'larder; hit; ttl=90',
      });
      expect(larder.origin.requests).toHaveLength(2);
    });

    it.each<[string, ReplyFields]>([
      ['length', { ETag: '"v1"', 'Last-Modified': MODIFIED, 'Content-Length': '5' }],
      ['tag', { ETag: '"v2"', 'Last-Modified': MODIFIED, 'Content-Length': '4' }],
      ['date', { ETag: '"v1"', 'Last-Modified': 'Mon, 02 Feb 2026 12:00:00 GMT', 'Content-Length': '4' }],
    ])('makes a stored GET stale where it has another %s', async (_name, fields) => {
      await storeGet();
      larder.clock.advance(10);
      larder.says({ fields: { ...NEWER, ...fields } });
      expect(inWords(await head({ 'Cache-Control': 'no-cache' }))).toBe('MISS 200 ');
      await waitUntil(async () => (await expiresIn()) <= 0);
      larder.says({ fields: { ...NEWER, ...fields, 'Content-Length': '4' }, body: 'body' });
      const get = await larder.get('/a');
      expect(inWords(get)).toBe('MISS 200 body');
      expect(get.headers['cache-status']).toBe('larder; fwd=stale; fwd-status=200; stored; ttl=90');
      expect(larder.origin.requests[2]?.headers).toMatchObject({ 'if-none-match': '"v1"' });
    });

    it('takes nothing off a stored GET that describes its body', async () => {
      await storeGet({ ...FIELDS, 'Content-Encoding': 'x-own' });
      larder.clock.advance(61);
      larder.says({ fields: { ...NEWER, ETag: '"v1"', 'Content-Encoding': 'x-other' } });
      await head();
      await waitUntil(async () => (await expiresIn()) === 90);
      const { headers } = await larder.get('/a');
      expect(headers).toMatchObject({ 'content-encoding': 'x-own', 'x-version': '2' });
    });

    it('freshens the parts that are stored', async () => {
      const fields = { ...FIELDS, 'Content-Range': 'bytes 0-1/4' };
      larder.says({ status: 206, fields, body: 'bo' });
      await larder.get('/a', { headers: { Range: 'bytes=0-1' } });
      await keeps(larder, 'GET 206 bo');
      larder.clock.advance(61);
      larder.says({ fields: { ...NEWER, ETag: '"v1"', 'Content-Length': '4' } });
      await head();
      await waitUntil(async () => (await expiresIn()) === 90);
      expect(inWords(await larder.get('/a', { headers: { Range: 'bytes=0-1' } }))).toBe('HIT 206 bo');
    });

    it('leaves variants of other requests alone', async () => {
      const vary = { ...FIELDS, Vary: 'Accept-Language' };
      larder.says({ fields: { ...vary, 'Content-Length': '4' }, body: 'body' });
      await larder.get('/a', { headers: { 'Accept-Language': 'de' } });
      await keeps(larder, 'GET 200 body');
      larder.says({ fields: { ...vary, ETag: '"v2"', 'Content-Length': '9' } });
      await head({ 'Accept-Language': 'en' });
      await keeps(larder, 'GET 200 body', 'HEAD 200 ');
      expect(inWords(await larder.get('/a', { headers: { 'Accept-Language': 'de' } }))).toBe('HIT 200 body');
    });
  });

  it.each([404, 410, 500])('%d to HEAD does not touch a stored GET', async (status) => {
    await storeGet();
    larder.clock.advance(10);
    larder.says({ status, fields: { 'Content-Length': '9' } });
    expect((await head({ 'Cache-Control': 'no-cache' })).status).toBe(status);
    await waitUntil(() => larder.exchanges.length === 2);
    expect(inWords(await larder.get('/a'))).toBe('HIT 200 body');
    await keeps(larder, 'GET 200 body');
    expect(await expiresIn()).toBe(50);
  });

  describe('RFC 9110 §9.3.3: the answer to POST', () => {
    const STORABLE = { 'Cache-Control': 'max-age=60', 'Content-Location': '/a' };

    async function post(reply: ReplyMessage, headers: Record<string, string> = {}): Promise<ClientAnswer> {
      larder.says(reply, { fields: { 'Cache-Control': 'max-age=60' }, body: 'from GET' });
      return larder.get('/a', { method: 'POST', body: 'order', headers });
    }

    it('serves GET and HEAD where Content-Location is its target and its freshness is explicit', async () => {
      const first = await post({ fields: { ...STORABLE, 'X-From': 'POST' }, body: 'made' });
      expect(inWords(first)).toBe('MISS 200 made');
      expect(first.headers['cache-status']).toBe('larder; fwd=method; fwd-status=200; stored; ttl=60');
      await keeps(larder, 'GET 200 made');
      larder.clock.advance(5);
      const get = await larder.get('/a');
      expect(inWords(get)).toBe('HIT 200 made');
      expect(get.headers).toMatchObject({ age: '5', 'x-from': 'POST', 'content-location': '/a' });
      expect(inWords(await head())).toBe('HIT 200 ');
      expect(inWords(await larder.get('/a', { headers: { Range: 'bytes=1-2' } }))).toBe('HIT 206 ad');
      expect(larder.origin.requests).toHaveLength(1);
      expect(larder.exchanges[0]).toMatchObject({
        outcome: 'PASS',
        reason: 'method-not-cached',
        stored: true,
      });
    });

    it.each<[string, (url: string) => ReplyFields]>([
      ['the whole URL', (url) => ({ ...STORABLE, 'Content-Location': `${url}/a` })],
      ['a relative reference', () => ({ ...STORABLE, 'Content-Location': 'a' })],
      ['s-maxage', () => ({ ...STORABLE, 'Cache-Control': 's-maxage=60' })],
      ['Expires', () => ({ Expires: 'Sun, 01 Mar 2026 13:00:00 GMT', 'Content-Location': '/a' })],
    ])('with %s', async (_name, fields) => {
      await post({ fields: fields(larder.origin.url), body: 'made' });
      await keeps(larder, 'GET 200 made');
      expect(inWords(await larder.get('/a'))).toBe('HIT 200 made');
    });

    it.each<[string, number, ReplyFields]>([
      ['Content-Location of another resource', 200, { ...STORABLE, 'Content-Location': '/b' }],
      ['Content-Location with another query', 200, { ...STORABLE, 'Content-Location': '/a?x' }],
      ['a foreign Content-Location', 200, { ...STORABLE, 'Content-Location': 'http://evil.test/a' }],
      ['two Content-Locations', 200, { ...STORABLE, 'Content-Location': ['/a', '/a'] }],
      ['no Content-Location', 200, { 'Cache-Control': 'max-age=60' }],
      ['no explicit freshness', 200, { 'Content-Location': '/a', 'Last-Modified': MODIFIED, ETag: '"1"' }],
      ['public alone', 200, { 'Content-Location': '/a', 'Cache-Control': 'public', ETag: '"1"' }],
      ['no-store', 200, { ...STORABLE, 'Cache-Control': 'max-age=60, no-store' }],
      ['private', 200, { ...STORABLE, 'Cache-Control': 'max-age=60, private' }],
      ['status 201', 201, STORABLE],
      ['status 303', 303, { ...STORABLE, Location: '/a' }],
      ['status 404', 404, STORABLE],
      ['status 206', 206, { ...STORABLE, 'Content-Range': 'bytes 0-3/4' }],
    ])('is not stored with %s', async (_name, status, fields) => {
      const answer = await post({ status, fields, body: 'made' });
      expect(answer.headers['cache-status']).toBe(`larder; fwd=method; fwd-status=${status}`);
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 from GET');
      await keeps(larder, 'GET 200 from GET');
    });

    it('is not stored where the request says no-store', async () => {
      await post({ fields: STORABLE, body: 'made' }, { 'Cache-Control': 'no-store' });
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 from GET');
    });

    it.each(['PUT', 'PATCH', 'DELETE', 'REPORT'])(
      'is what is meant: that to %s is not stored',
      async (method) => {
        larder.says({ fields: STORABLE, body: 'made' }, { body: 'from GET' });
        await larder.get('/a', { method, body: 'order' });
        expect(inWords(await larder.get('/a'))).toBe('MISS 200 from GET');
      },
    );

    it('does not serve another POST', async () => {
      await post({ fields: STORABLE, body: 'made' });
      await keeps(larder, 'GET 200 made');
      larder.says({ fields: STORABLE, body: 'made again' });
      expect(inWords(await larder.get('/a', { method: 'POST', body: 'order' }))).toBe('MISS 200 made again');
      expect(larder.origin.requests[1]).toMatchObject({ method: 'POST', body: 'order' });
      await keeps(larder, 'GET 200 made again');
      expect(inWords(await larder.get('/a'))).toBe('HIT 200 made again');
    });

    it('takes the place of what was stored before', async () => {
      await storeGet();
      await post({ fields: STORABLE, body: 'made' });
      await keeps(larder, 'GET 200 made');
      expect(inWords(await larder.get('/a'))).toBe('HIT 200 made');
    });

    it('invalidates what was stored before, also where it is not stored itself', async () => {
      await storeGet();
      await post({ body: 'made' });
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 from GET');
      await waitUntil(() => larder.exchanges.length === 3);
      expect(larder.exchanges[2]).toMatchObject({
        reason: 'invalidated',
        facts: { invalidatedBy: 'POST /a' },
      });
    });

    it('is chosen by its Vary', async () => {
      const fields = { ...STORABLE, Vary: 'Accept-Language' };
      await post({ fields, body: 'auf Deutsch' }, { 'Accept-Language': 'de' });
      await keeps(larder, 'GET 200 auf Deutsch');
      const german = await larder.get('/a', { headers: { 'Accept-Language': 'de' } });
      expect(inWords(german)).toBe('HIT 200 auf Deutsch');
      const english = await larder.get('/a', { headers: { 'Accept-Language': 'en' } });
      expect(inWords(english)).toBe('MISS 200 from GET');
      expect(english.headers['cache-status']).toContain('fwd=vary-miss');
    });

    it('is validated by GET once it is not fresh any more', async () => {
      await post({ fields: { ...STORABLE, ETag: '"v1"' }, body: 'made' });
      await keeps(larder, 'GET 200 made');
      larder.clock.advance(61);
      larder.says({ status: 304, fields: { ETag: '"v1"' } });
      expect(inWords(await larder.get('/a'))).toBe('HIT 200 made');
      expect(larder.origin.requests[1]).toMatchObject({
        method: 'GET',
        headers: { 'if-none-match': '"v1"' },
      });
    });

    it('that is broken off is not stored', async () => {
      larder.origin.answer((request, response) => {
        request.resume();
        response
          .writeHead(200, { ...STORABLE, 'Content-Length': '9' })
          .write('half', () => response.destroy());
      });
      await expect(larder.get('/a', { method: 'POST', body: 'order' })).rejects.toThrow(/aborted|hang up/);
      larder.says({ fields: STORABLE, body: 'from GET' });
      expect(inWords(await larder.get('/a'))).toBe('MISS 200 from GET');
      await keeps(larder, 'GET 200 from GET');
    });
  });
});

onEachStore({}, (current) => {
  it('policy override: the answer to POST is not stored, whatever it says', async () => {
    const larder = current();
    const fields = { 'Cache-Control': 'max-age=60', 'Content-Location': '/a' };
    larder.says({ fields, body: 'made' }, { body: 'from GET' });
    await larder.get('/a', { method: 'POST', body: 'order' });
    expect((await larder.get('/a')).text).toBe('from GET');
    await keeps(larder, 'GET 200 from GET');
  });

  it('policy override: HEAD is answered from a stored GET, and 200 to HEAD with another length makes that stale', async () => {
    const larder = current();
    larder.says({ fields: { 'Content-Length': '4', ETag: '"v1"' }, body: 'body' });
    await larder.get('/a');
    await keeps(larder, 'GET 200 body');
    const hit = await larder.get('/a', { method: 'HEAD' });
    expect(hit.headers).toMatchObject({ 'x-cache': 'HIT', 'content-length': '4' });
    larder.says({ fields: { 'Content-Length': '5' } });
    await larder.get('/a', { method: 'HEAD', headers: { 'Cache-Control': 'no-cache' } });
    await keeps(larder, 'GET 200 body', 'HEAD 200 ');
    larder.says({ fields: { 'Content-Length': '4' }, body: 'more' });
    await waitUntil(async () => {
      const get = (await larder.entries()).find(({ method }) => method === 'GET');
      return get !== undefined && get.expiresAt <= larder.clock.now();
    });
    expect((await larder.get('/a')).text).toBe('more');
  });
});
