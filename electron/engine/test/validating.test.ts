/** Policy `respect`: asking the origin whether what is stored is still right (RFC 9111 §4.3, RFC 9110 §13). */
import { beforeEach, describe, expect, it } from 'vitest';
import { formatHttpDate } from '../semantics/http-date';
import { onEachStore, START_TIME, type LarderOnStore } from './each-store';
import type { Reply, ReplyFields } from './scripted-origin';

const FOR_10 = { 'Cache-Control': 'max-age=10' };
const MODIFIED = formatHttpDate(START_TIME - 5000);

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** Stored, and 10 s stale; then the origin says `then`. */
  async function stale(fields: ReplyFields, then: Reply): Promise<void> {
    larder.says({ fields: { ...FOR_10, ...fields } }, then);
    await larder.ask('/a');
    larder.clock.advance(20);
  }

  const lastAsked = () => larder.origin.requests.at(-1)!.headers;

  describe('RFC 9111 §4.3.1: the validation carries', () => {
    it.each<[string, ReplyFields, string | undefined, string | undefined]>([
      ['the entity tag', { ETag: '"1"' }, '"1"', undefined],
      ['a weak entity tag', { ETag: 'W/"1"' }, 'W/"1"', undefined],
      ['an entity tag without quotes as it came', { ETag: 'abc' }, 'abc', undefined],
      ['the time of modification', { 'Last-Modified': MODIFIED }, undefined, MODIFIED],
      ['both', { ETag: '"1"', 'Last-Modified': MODIFIED }, '"1"', MODIFIED],
      ['no time of modification that is no date', { ETag: '"1"', 'Last-Modified': 'now' }, '"1"', undefined],
      ['nothing of two entity tags', { ETag: ['"1"', '"2"'] }, undefined, undefined],
    ])('%s', async (_name, fields, noneMatch, modifiedSince) => {
      await stale(fields, {});
      await larder.ask('/a', { 'X-Own': '1' });
      expect(lastAsked()['if-none-match']).toBe(noneMatch);
      expect(lastAsked()['if-modified-since']).toBe(modifiedSince);
      expect(lastAsked()['x-own']).toBe('1');
    });

    it('the tags of all that is stored under the key, that of the chosen one first', async () => {
      larder.says((request) => {
        const kind = String(request.headers['x-kind']);
        return { fields: { ...FOR_10, Vary: 'X-Kind', ETag: `"${kind}"` }, body: kind };
      });
      for (const kind of ['a', 'b', 'c']) {
        await larder.ask('/a', { 'X-Kind': kind });
        larder.clock.advance(1);
      }
      larder.clock.advance(20);
      larder.says({ status: 304, fields: { ...FOR_10, Vary: 'X-Kind', ETag: '"b"' } });
      const answer = await larder.ask('/a', { 'X-Kind': 'b' });
      expect(lastAsked()['if-none-match']).toBe('"b", "c", "a"');
      expect([answer.text, answer.cache, answer.cacheStatus]).toEqual([
        'b',
        'HIT',
        'larder; fwd=stale; fwd-status=304',
      ]);
    });

    it('no tag of another key', async () => {
      larder.says({ fields: { ...FOR_10, ETag: '"other"' } });
      await larder.ask('/a?other');
      await stale({ ETag: '"1"' }, {});
      await larder.ask('/a');
      expect(lastAsked()['if-none-match']).toBe('"1"');
    });
  });

  describe('RFC 9111 §4.3.3: the answer to a validation', () => {
    it('304 serves what is stored, which is fresh again', async () => {
      await stale({ ETag: '"1"' }, { status: 304, fields: { ...FOR_10, ETag: '"1"' } });
      const validated = await larder.ask('/a');
      expect([validated.status, validated.text, validated.cache]).toEqual([200, '#1', 'HIT']);
      expect([validated.headers['age'], validated.exchange.reason]).toEqual(['0', 'revalidated']);
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=10');
      expect(larder.origin.requests).toHaveLength(2);
    });

    it('200 takes the place of what is stored', async () => {
      await stale({ ETag: '"1"' }, { fields: { ...FOR_10, ETag: '"2"' } });
      const changed = await larder.ask('/a');
      expect([changed.text, changed.cache, changed.exchange.reason]).toEqual(['#2', 'MISS', 'changed']);
      expect(changed.cacheStatus).toBe('larder; fwd=stale; fwd-status=200; stored; ttl=10');
      expect((await larder.ask('/a')).text).toBe('#2');
      await larder.holds(1);
    });

    it.each([404, 410])('%d takes away what is stored', async (status) => {
      await stale({ ETag: '"1"' }, { status });
      expect((await larder.ask('/a')).status).toBe(status);
      await larder.holds(0);
    });

    it('401 goes to the client, and leaves what is stored', async () => {
      await stale({ ETag: '"1"' }, { status: 401 });
      expect((await larder.ask('/a')).status).toBe(401);
      await larder.ask('/other');
      expect(await larder.entries()).toHaveLength(1);
    });
  });

  describe('RFC 9111 §3.2, §4.3.4: a 304 freshens', () => {
    /** The fields of a hit after a 304 with `update`. */
    async function freshenedBy(fields: ReplyFields, update: ReplyFields) {
      await stale({ ETag: '"1"', ...fields }, { status: 304, fields: { ...FOR_10, ...update } });
      const validated = await larder.ask('/a');
      await larder.freshened('/a');
      const hit = await larder.ask('/a');
      expect([hit.cache, hit.text, validated.text]).toEqual(['HIT', '#1', '#1']);
      for (const name of Object.keys({ ...fields, ...update }).map((each) => each.toLowerCase()))
        expect(hit.headers[name]).toEqual(validated.headers[name]);
      return hit.headers;
    }

    it('fields that were there, and adds new ones', async () => {
      const headers = await freshenedBy({ 'X-Old': '1', 'X-Kept': '1' }, { 'X-Old': '2', 'X-New': '2' });
      expect([headers['x-old'], headers['x-kept'], headers['x-new']]).toEqual(['2', '1', '2']);
    });

    it('all lines of a field at once', async () => {
      const headers = await freshenedBy({ 'Set-Cookie': ['a=1', 'b=1'] }, { 'Set-Cookie': 'c=2' });
      expect(headers['set-cookie']).toEqual(['c=2']);
    });

    it('Content-Type, Expires and Date', async () => {
      const expires = formatHttpDate(START_TIME + 600_000);
      const headers = await freshenedBy(
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'text/html', Expires: expires },
      );
      expect([headers['content-type'], headers['expires'], headers['date']]).toEqual([
        'text/html',
        expires,
        formatHttpDate(START_TIME + 20_000),
      ]);
    });

    it('but not ETag, Content-Length and Content-Encoding', async () => {
      const headers = await freshenedBy(
        { 'Content-Encoding': 'identity' },
        { ETag: '"2"', 'Content-Length': '999', 'Content-Encoding': 'gzip' },
      );
      expect([headers['etag'], headers['content-length'], headers['content-encoding']]).toEqual([
        '"1"',
        '2',
        'identity',
      ]);
    });

    it('by Cache-Control of its own, or by the stored one where it has none', async () => {
      larder.says(
        { fields: { 'Cache-Control': 'max-age=10', ETag: '"1"' } },
        { status: 304, fields: { 'Cache-Control': 'max-age=100', ETag: '"1"' } },
        { status: 304, fields: { ETag: '"1"' } },
      );
      await larder.ask('/a');
      larder.clock.advance(20);
      await larder.ask('/a');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=100');
      larder.clock.advance(200);
      await larder.ask('/a');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=100');
    });

    it('from when it was received where it has no Date', async () => {
      await stale({ ETag: '"1"' }, { status: 304, fields: { ETag: '"1"' }, aheadSeconds: null });
      await larder.ask('/a');
      await larder.freshened('/a');
      larder.clock.advance(9);
      const hit = await larder.ask('/a');
      expect([hit.headers['age'], hit.cacheStatus]).toEqual(['9', 'larder; hit; ttl=1']);
      expect(hit.headers['date']).toBe(formatHttpDate(START_TIME + 20_000));
    });

    it('from the Age it has', async () => {
      await stale({ ETag: '"1"' }, { status: 304, fields: { ...FOR_10, Age: '4' } });
      const validated = await larder.ask('/a');
      await larder.freshened('/a');
      expect([validated.headers['age'], (await larder.ask('/a')).cacheStatus]).toEqual([
        '4',
        'larder; hit; ttl=6',
      ]);
    });

    it('what was stored by its time of modification alone', async () => {
      await stale({ 'Last-Modified': MODIFIED }, { status: 304, fields: FOR_10 });
      expect((await larder.ask('/a')).cache).toBe('HIT');
      await larder.freshened('/a');
      expect((await larder.ask('/a')).cacheStatus).toBe('larder; hit; ttl=10');
    });

    it('what has the same tag by weak comparison', async () => {
      await stale({ ETag: 'W/"1"' }, { status: 304, fields: { ...FOR_10, ETag: '"1"' } });
      expect((await larder.ask('/a')).text).toBe('#1');
      expect(larder.origin.requests).toHaveLength(2);
    });
  });

  describe('RFC 9110 §13.1: the client’s own condition', () => {
    const ETAG = { ETag: '"1"', 'Last-Modified': MODIFIED };
    const EARLIER = formatHttpDate(START_TIME - 6000);
    const LATER = formatHttpDate(START_TIME - 4000);

    it.each<[string, Record<string, string>, number]>([
      ['If-None-Match with the stored tag', { 'If-None-Match': '"1"' }, 304],
      ['If-None-Match with it as a weak one', { 'If-None-Match': 'W/"1"' }, 304],
      ['If-None-Match with it among others', { 'If-None-Match': '"a,b", "1" ,"2"' }, 304],
      ['If-None-Match: *', { 'If-None-Match': '*' }, 304],
      ['If-None-Match with another tag', { 'If-None-Match': '"2"' }, 200],
      ['If-None-Match without quotes', { 'If-None-Match': '1' }, 200],
      ['If-Modified-Since, the same', { 'If-Modified-Since': MODIFIED }, 304],
      ['If-Modified-Since, later', { 'If-Modified-Since': LATER }, 304],
      ['If-Modified-Since, earlier', { 'If-Modified-Since': EARLIER }, 200],
      ['If-Modified-Since that is no date', { 'If-Modified-Since': 'now' }, 200],
      ['both, of which the tag counts', { 'If-None-Match': '"2"', 'If-Modified-Since': LATER }, 200],
      ['both, of which the tag counts too', { 'If-None-Match': '"1"', 'If-Modified-Since': EARLIER }, 304],
    ])('RFC 9111 §4.3.2: %s is answered from a fresh one: %s %d', async (_name, headers, status) => {
      larder.says({ fields: { ...FOR_10, ...ETAG } });
      await larder.ask('/a');
      const answer = await larder.ask('/a', headers);
      expect([answer.status, answer.cache, answer.text]).toEqual([status, 'HIT', status === 304 ? '' : '#1']);
      expect([answer.headers['etag'], answer.headers['age']]).toEqual(['"1"', '0']);
      expect(larder.origin.requests).toHaveLength(1);
    });

    it('RFC 9111 §4.3.2: without Last-Modified, the date of the stored response is compared', async () => {
      larder.says({ fields: FOR_10 });
      await larder.ask('/a');
      const since = { 'If-Modified-Since': formatHttpDate(START_TIME) };
      expect((await larder.ask('/a', since)).status).toBe(304);
    });

    it.each([301, 404])('counts for nothing where %d is stored', async (status) => {
      larder.says({ status, fields: { ...FOR_10, ...ETAG } });
      await larder.ask('/a');
      expect((await larder.ask('/a', { 'If-None-Match': '"1"' })).status).toBe(status);
    });

    it.each<[string, number, string]>([
      ['"1"', 304, ''],
      ['"old"', 200, '#1'],
    ])('If-None-Match: %s on a stale one, which a 304 confirms: %d', async (tag, status, text) => {
      await stale(ETAG, { status: 304, fields: { ...FOR_10, ...ETAG } });
      const answer = await larder.ask('/a', { 'If-None-Match': tag, 'If-Modified-Since': EARLIER });
      expect([answer.status, answer.text, answer.cache]).toEqual([status, text, 'HIT']);
      expect(lastAsked()['if-none-match']).toBe('"1"');
      expect(lastAsked()['if-modified-since']).toBe(MODIFIED);
    });

    it('on a stale one that has changed gets the new one', async () => {
      await stale(ETAG, { fields: { ...FOR_10, ETag: '"2"' } });
      const answer = await larder.ask('/a', { 'If-None-Match': '"1"' });
      expect([answer.status, answer.text]).toEqual([200, '#2']);
      expect((await larder.ask('/a', { 'If-None-Match': '"2"' })).status).toBe(304);
    });

    it('on a stale one without a validator goes upstream, and a 304 comes back', async () => {
      await stale({}, { status: 304 });
      const answer = await larder.ask('/a', { 'If-None-Match': '"own"' });
      expect([answer.status, lastAsked()['if-none-match']]).toEqual([304, '"own"']);
    });

    it('where nothing is stored goes upstream, and a 304 comes back, not to be stored', async () => {
      larder.says({ status: 304, fields: { ...FOR_10, ETag: '"own"' } });
      const answer = await larder.ask('/a', { 'If-None-Match': '"own"' });
      expect([answer.status, answer.cache, lastAsked()['if-none-match']]).toEqual([304, 'MISS', '"own"']);
      expect(await larder.entries()).toHaveLength(0);
    });

    it.each([
      ['If-Match', '"1"'],
      ['If-Match', '*'],
      ['If-Unmodified-Since', MODIFIED],
    ])('%s: %s goes upstream, though what is stored is fresh', async (name, value) => {
      larder.says({ fields: { ...FOR_10, ...ETAG } }, { status: 412 });
      await larder.ask('/a');
      const answer = await larder.ask('/a', { [name]: value });
      expect([answer.status, answer.exchange.outcome]).toEqual([412, 'PASS']);
      expect(lastAsked()[name.toLowerCase()]).toBe(value);
      expect((await larder.ask('/a')).text).toBe('#1');
    });
  });
});
