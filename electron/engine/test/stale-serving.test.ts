/** Policy `respect`: stale responses (RFC 9111 §4.2.4, RFC 5861). */
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHttpDate } from '../semantics/http-date';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { held, type Reply, type ReplyMessage } from './scripted-origin';

const WHILE_REVALIDATING = 'max-age=10, stale-while-revalidate=30';
const FORBIDDING = ['must-revalidate', 'proxy-revalidate', 's-maxage=10', 'no-cache'];

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  const cacheControl = (value: string): ReplyMessage => ({ fields: { 'Cache-Control': value, ETag: '"1"' } });

  /** Stored for 10 s, stale for so many seconds; then the origin says `then`. */
  async function stale(seconds: number, value: string, ...then: Reply[]): Promise<void> {
    larder.says(cacheControl(value));
    await larder.ask('/a');
    larder.clock.advance(10 + seconds);
    if (then.length > 0) larder.says(...then);
  }

  const upstream = (count: number) => waitUntil(() => larder.origin.requests.length === count);

  describe('RFC 5861 §3: stale-while-revalidate', () => {
    it('serves a stale response within its window, and one that is new afterwards', async () => {
      await stale(30, WHILE_REVALIDATING);
      const answer = await larder.ask('/a');
      expect([answer.text, answer.cache, answer.cacheStatus, answer.headers['age']]).toEqual([
        '#1',
        'HIT',
        'larder; hit; ttl=-30',
        '40',
      ]);
      expect(answer.exchange).toMatchObject({ outcome: 'STALE', reason: 'stale-while-revalidate' });
      await upstream(2);
      await larder.freshened('/a');
      const after = await larder.ask('/a');
      expect([after.text, after.cacheStatus]).toEqual(['#2', 'larder; hit; ttl=10']);
    });

    it('is over after its window', async () => {
      await stale(31, WHILE_REVALIDATING);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('answers before the origin does', async () => {
      const { reply, release } = held(cacheControl(WHILE_REVALIDATING));
      await stale(5, WHILE_REVALIDATING, reply);
      expect((await larder.ask('/a')).text).toBe('#1');
      await upstream(2);
      release();
      await larder.freshened('/a');
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('asks with what is stored, and with nothing of the client’s own condition', async () => {
      await stale(5, WHILE_REVALIDATING, { status: 304, fields: cacheControl(WHILE_REVALIDATING).fields! });
      const answer = await larder.ask('/a', { 'If-None-Match': '"1"', 'X-Own': '1' });
      expect([answer.status, answer.exchange.outcome]).toEqual([304, 'STALE']);
      await upstream(2);
      const { headers } = larder.origin.requests[1]!;
      expect([headers['if-none-match'], headers['if-modified-since'], headers['x-own']]).toEqual([
        '"1"',
        undefined,
        '1',
      ]);
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=10');
    });

    it('asks for the whole where there is nothing to validate with, whatever the client’s condition', async () => {
      larder.says({ fields: { 'Cache-Control': WHILE_REVALIDATING } });
      await larder.ask('/a');
      larder.clock.advance(15);
      const date = formatHttpDate(larder.clock.now());
      const own = { 'If-Modified-Since': date, 'If-None-Match': '"own"', 'Cache-Control': 'x' };
      expect((await larder.ask('/a', own)).exchange.outcome).toBe('STALE');
      await upstream(2);
      const { headers } = larder.origin.requests[1]!;
      for (const name of ['if-modified-since', 'if-none-match', 'cache-control'])
        expect(headers[name]).toBeUndefined();
    });

    it('asks once for all who want a stored part', async () => {
      const part = { ...cacheControl(WHILE_REVALIDATING).fields, 'Content-Range': 'bytes 0-1/9' };
      const { reply, release } = held({ status: 206, fields: part, body: 'cd' });
      larder.says({ status: 206, fields: part, body: 'ab' });
      const headers = { Range: 'bytes=0-1' };
      await larder.ask('/a', headers);
      larder.clock.advance(15);
      larder.says(reply);
      const together = await Promise.all(Array.from({ length: 20 }, () => larder.get('/a', { headers })));
      expect(new Set(together.map(({ text }) => text))).toEqual(new Set(['ab']));
      await upstream(2);
      release();
      await larder.freshened('/a');
      expect((await larder.ask('/a', headers)).cacheStatus).toBe('larder; hit; ttl=10');
      expect(larder.origin.requests).toHaveLength(2);
    });

    it('asks once for all who come meanwhile', async () => {
      const { reply, release } = held(cacheControl(WHILE_REVALIDATING));
      await stale(5, WHILE_REVALIDATING, reply);
      const together = await Promise.all(Array.from({ length: 50 }, () => larder.get('/a')));
      expect(new Set(together.map(({ text }) => text))).toEqual(new Set(['#1']));
      await upstream(2);
      expect((await larder.ask('/a')).text).toBe('#1');
      release();
      await larder.freshened('/a');
      expect((await larder.ask('/a')).text).toBe('#2');
      expect(larder.origin.requests).toHaveLength(2);
    });

    it('asks for each stored response of its own', async () => {
      const vary = { 'Cache-Control': WHILE_REVALIDATING, Vary: 'X-Kind' };
      larder.says({ fields: vary });
      for (const kind of ['a', 'b']) await larder.ask('/a', { 'X-Kind': kind });
      larder.clock.advance(20);
      for (const kind of ['a', 'b'])
        expect((await larder.ask('/a', { 'X-Kind': kind })).exchange.outcome).toBe('STALE');
      await upstream(4);
      await waitUntil(async () =>
        (await larder.entries()).every(({ storedAt }) => storedAt === larder.clock.now()),
      );
      for (const kind of ['a', 'b'])
        expect((await larder.ask('/a', { 'X-Kind': kind })).exchange.outcome).toBe('HIT');
    });

    it('goes on when the client leaves', async () => {
      const { reply, release } = held(cacheControl(WHILE_REVALIDATING));
      await stale(5, WHILE_REVALIDATING, reply);
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      );
      await new Promise((resolve) => socket.once('data', resolve));
      await upstream(2);
      socket.destroy();
      await waitUntil(() => larder.exchanges.length === 2);
      release();
      await larder.freshened('/a');
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('whose origin says 404 takes away what is stored', async () => {
      await stale(5, WHILE_REVALIDATING, { status: 404 });
      expect((await larder.ask('/a')).text).toBe('#1');
      await larder.holds(0);
      expect((await larder.ask('/a')).status).toBe(404);
    });

    it.each<[string, Reply]>([
      ['500', { status: 500 }],
      ['503', { status: 503 }],
      ['401', { status: 401 }],
      ['nothing', 'drop'],
    ])('whose origin says %s leaves what is stored, and asks again next time', async (_name, reply) => {
      await stale(5, WHILE_REVALIDATING, reply);
      expect((await larder.ask('/a')).text).toBe('#1');
      await upstream(reply === 'drop' ? 3 : 2);
      larder.clock.advance(1);
      larder.says({ fields: { 'Cache-Control': 'max-age=10' }, body: 'new' });
      // Until the one before has ended, none is begun.
      await waitUntil(async () => (await larder.ask('/a')).text === 'new');
      expect(new Set(larder.exchanges.slice(1, -1).map(({ outcome }) => outcome))).toEqual(
        new Set(['STALE']),
      );
    });

    it('whose origin says no-store takes away what is stored', async () => {
      await stale(5, WHILE_REVALIDATING, cacheControl('no-store'));
      expect((await larder.ask('/a')).text).toBe('#1');
      await larder.holds(0);
      expect((await larder.ask('/a')).text).toBe('#3');
    });

    it.each(FORBIDDING)('does not set aside %s', async (directive) => {
      await stale(5, `${WHILE_REVALIDATING}, ${directive}`);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it.each(['max-age=100', 'min-fresh=1', 'no-cache', 'max-age=0'])(
      'is not for a request that says %s',
      async (value) => {
        await stale(5, WHILE_REVALIDATING);
        expect((await larder.ask('/a', { 'Cache-Control': value })).text).toBe('#2');
      },
    );

    it.each(['soon', '-1', ''])('of “%s” seconds is none', async (seconds) => {
      await stale(5, `max-age=10, stale-while-revalidate=${seconds}`);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('serves HEAD and asks by HEAD only where that is what is stored', async () => {
      await stale(5, WHILE_REVALIDATING);
      expect((await larder.ask('/a', {}, 'HEAD')).exchange.outcome).toBe('STALE');
      await upstream(2);
      expect(larder.origin.requests[1]?.method).toBe('GET');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).text).toBe('#2');
    });
  });

  describe('RFC 5861 §4: stale-if-error', () => {
    const IF_ERROR = 'max-age=10, stale-if-error=30';

    it.each([500, 502, 503, 504])('stands in for %d within its window', async (status) => {
      await stale(30, IF_ERROR, { status });
      const answer = await larder.ask('/a');
      expect([answer.status, answer.text, answer.cache, answer.cacheStatus]).toEqual([
        200,
        '#1',
        'HIT',
        'larder; hit; ttl=-30; detail=origin_unreachable',
      ]);
      expect(answer.exchange).toMatchObject({ outcome: 'STALE', reason: 'stale-if-error' });
      expect(larder.origin.requests[1]?.headers['if-none-match']).toBe('"1"');
    });

    it.each([500, 502, 503, 504])('does not stand in for %d after its window', async (status) => {
      await stale(31, IF_ERROR, { status });
      expect((await larder.ask('/a')).status).toBe(status);
    });

    it.each([400, 401, 403, 404, 429, 501, 505])('does not stand in for %d', async (status) => {
      await stale(5, IF_ERROR, { status });
      expect((await larder.ask('/a')).status).toBe(status);
    });

    it('stands in for an origin that is down, within its window', async () => {
      await stale(30, IF_ERROR, 'drop');
      expect((await larder.ask('/a')).text).toBe('#1');
      larder.clock.advance(1);
      expect((await larder.ask('/a')).status).toBe(502);
    });

    it('answers the client’s own condition by what it stands in with', async () => {
      await stale(5, IF_ERROR, { status: 503 });
      expect((await larder.ask('/a', { 'If-None-Match': '"1"' })).status).toBe(304);
    });

    it.each(FORBIDDING)('does not set aside %s', async (directive) => {
      await stale(5, `${IF_ERROR}, ${directive}`, { status: 503 });
      expect((await larder.ask('/a')).status).toBe(503);
    });

    it('keeps what is stored, until the origin is back', async () => {
      await stale(5, IF_ERROR, { status: 503 }, { status: 503 }, cacheControl('max-age=10'));
      for (const text of ['#1', '#1', '#4', '#4']) expect((await larder.ask('/a')).text).toBe(text);
    });

    it('has no stored error stand in for another', async () => {
      larder.says({ status: 503, fields: { 'Cache-Control': IF_ERROR } }, { status: 502 });
      await larder.ask('/a');
      larder.clock.advance(20);
      expect((await larder.ask('/a')).status).toBe(502);
    });
  });

  describe('RFC 9111 §4.2.4: without stale-if-error', () => {
    it.each([502, 503, 504])('a stale response stands in for %d', async (status) => {
      await stale(300, 'max-age=10', { status });
      expect((await larder.ask('/a')).text).toBe('#1');
    });

    it('500 goes to the client, and leaves what is stored', async () => {
      await stale(5, 'max-age=10', { status: 500 }, { status: 304, fields: { ETag: '"1"' } });
      const answer = await larder.ask('/a');
      expect([answer.status, answer.cache]).toEqual([500, 'MISS']);
      expect((await larder.ask('/a')).text).toBe('#1');
    });

    it('a stale response stands in for an origin that breaks off', async () => {
      await stale(300, 'max-age=10', 'drop');
      const answer = await larder.ask('/a');
      expect([answer.status, answer.text, answer.cache]).toEqual([200, '#1', 'HIT']);
      expect(answer.cacheStatus).toMatch(/^larder; hit; ttl=-300; detail=origin_\w+$/);
      expect([answer.exchange.outcome, answer.headers['age']]).toEqual(['STALE', '310']);
    });

    it('a stale response stands in for an origin that is not there', async () => {
      await stale(300, 'max-age=10');
      await larder.origin.close();
      const answer = await larder.ask('/a');
      expect([answer.text, answer.cacheStatus]).toEqual([
        '#1',
        'larder; hit; ttl=-300; detail=origin_unreachable',
      ]);
    });

    it('a stale response stands in for an origin that is too slow', async () => {
      await larder.apply({ upstream: { ...larder.engine.settings.upstream, headTimeoutMs: 50 } });
      await stale(300, 'max-age=10', () => new Promise<ReplyMessage>(() => {}));
      const answer = await larder.ask('/a');
      expect([answer.text, answer.cacheStatus]).toEqual([
        '#1',
        'larder; hit; ttl=-300; detail=origin_timeout',
      ]);
    });

    it('nothing stands in for it where nothing is stored', async () => {
      larder.says('drop');
      const answer = await larder.ask('/a');
      expect([answer.status, answer.cache]).toEqual([502, 'MISS']);
    });
  });

  describe('RFC 9111 §5.2.2.2, §5.2.2.8, §5.2.2.10, §5.2.2.4: where it is forbidden,', () => {
    it.each(FORBIDDING)('%s makes an origin that is down an error', async (directive) => {
      await stale(5, `max-age=10, ${directive}`);
      await larder.origin.close();
      const answer = await larder.ask('/a');
      expect([answer.status, answer.cache, JSON.parse(answer.text).error.code]).toEqual([
        502,
        'MISS',
        'origin_unreachable',
      ]);
      expect(answer.cacheStatus).toBe('larder; fwd=stale; detail=origin_unreachable');
    });

    it('must-revalidate makes an origin that is too slow an error', async () => {
      await larder.apply({ upstream: { ...larder.engine.settings.upstream, headTimeoutMs: 50 } });
      await stale(5, 'max-age=10, must-revalidate', () => new Promise<ReplyMessage>(() => {}));
      expect((await larder.ask('/a')).status).toBe(504);
    });

    it.each(FORBIDDING)('%s has the origin’s own error go to the client', async (directive) => {
      await stale(5, `max-age=10, ${directive}`, { status: 503, body: 'its own' });
      const answer = await larder.ask('/a');
      expect([answer.status, answer.text]).toEqual([503, 'its own']);
    });
  });

  describe('RFC 9111 §5.2.1.4: a reload', () => {
    it('gets the error, not what is stored', async () => {
      await stale(5, 'max-age=10, stale-if-error=30', { status: 503 });
      expect((await larder.ask('/a', { 'Cache-Control': 'no-cache' })).status).toBe(503);
      await larder.origin.close();
      expect((await larder.ask('/a', { 'Cache-Control': 'no-cache' })).status).toBe(502);
    });
  });
});
