/** Policy `respect`: a 304 and what it speaks of (RFC 9111 §4.3.4), where there are variants or nothing any more. */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import type { Reply } from './scripted-origin';

const FOR_10 = { 'Cache-Control': 'max-age=10' };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  const kind = (value: string) => larder.ask('/a', { 'X-Kind': value });
  const conditions = () => larder.origin.requests.map(({ headers }) => headers['if-none-match']);

  /** Each kind has a tag and a body of its own. */
  const byKind: Reply = (request) => {
    const own = String(request.headers['x-kind']);
    return { fields: { ...FOR_10, Vary: 'X-Kind', ETag: `"${own}"` }, body: own };
  };

  async function storedKinds(...kinds: string[]): Promise<void> {
    larder.says(byKind);
    for (const each of kinds) {
      await kind(each);
      larder.clock.advance(1);
    }
    larder.says((request) =>
      request.headers['if-none-match'] === undefined
        ? { body: 'asked again', fields: { ...FOR_10, Vary: 'X-Kind' } }
        : { status: 304, fields: { ...FOR_10, Vary: 'X-Kind', ETag: '"b"' } },
    );
  }

  describe('RFC 9111 §4.1, §4.3.4: a request that no stored variant fits', () => {
    it('asks with all tags, and gets the variant that the 304 names, from then on', async () => {
      await storedKinds('a', 'b');
      const answer = await kind('c');
      expect([answer.text, answer.cache, answer.headers['etag']]).toEqual(['b', 'HIT', '"b"']);
      expect(answer.cacheStatus).toBe('larder; fwd=vary-miss; fwd-status=304');
      await larder.holds(3);
      const again = await kind('c');
      expect([again.text, again.cacheStatus]).toEqual(['b', 'larder; hit; ttl=10']);
      expect(conditions()).toEqual([undefined, '"a"', '"b", "a"']);
    });

    it('leaves the others as they are', async () => {
      await storedKinds('a', 'b');
      await kind('c');
      await larder.holds(3);
      expect([(await kind('a')).text, (await kind('b')).text]).toEqual(['a', 'b']);
    });

    it('gets a new one where the origin says 200', async () => {
      await storedKinds('a', 'b');
      larder.says(byKind);
      const answer = await kind('c');
      expect([answer.text, answer.cache, answer.cacheStatus]).toEqual([
        'c',
        'MISS',
        'larder; fwd=vary-miss; fwd-status=200; stored; ttl=10',
      ]);
      await larder.holds(3);
    });

    it('is asked again for the whole where the 304 names none of them', async () => {
      await storedKinds('a', 'b');
      const again = larder.says.bind(larder, { body: 'whole', fields: { ...FOR_10, Vary: 'X-Kind' } });
      larder.says(() => {
        again();
        return { status: 304, fields: { ETag: '"unknown"' } };
      });
      const answer = await kind('c');
      expect([answer.status, answer.text, answer.cache]).toEqual([200, 'whole', 'MISS']);
      expect(conditions().slice(2)).toEqual(['"b", "a"', undefined]);
      expect((await kind('c')).text).toBe('whole');
    });

    it('with a condition of its own asks with that, since it may have what is not stored', async () => {
      await storedKinds('a', 'b');
      larder.says({ status: 304, fields: { ETag: '"own"' } });
      const answer = await larder.ask('/a', { 'X-Kind': 'c', 'If-None-Match': '"own"' });
      expect([answer.status, conditions().at(-1)]).toEqual([304, '"own"']);
    });
  });

  describe('RFC 9111 §4.3.4: a stale variant', () => {
    it('is replaced for its request by another variant that the 304 names', async () => {
      await storedKinds('a', 'b');
      larder.clock.advance(20);
      expect((await kind('a')).text).toBe('b');
      await larder.holds(2);
      // Until it is stored for this request too.
      larder.clock.advance(1);
      const again = await kind('a');
      expect([again.text, again.cacheStatus]).toEqual(['b', 'larder; hit; ttl=9']);
    });

    it('is freshened together with another that has the same strong tag', async () => {
      larder.says({ fields: { ...FOR_10, Vary: 'X-Kind', ETag: '"same"' }, body: 'same' });
      await kind('a');
      await kind('b');
      larder.clock.advance(20);
      larder.says({ status: 304, fields: { ...FOR_10, Vary: 'X-Kind', ETag: '"same"' } });
      expect((await kind('a')).text).toBe('same');
      expect(conditions().at(-1)).toBe('"same"');
    });
  });

  describe('RFC 9111 §4.1, §4.3.4: a 304 with another Vary', () => {
    async function variedAnew(vary: string): Promise<void> {
      larder.says(
        { fields: { ...FOR_10, ETag: '"1"', Vary: 'X-One' } },
        { status: 304, fields: { 'Cache-Control': 'max-age=60', ETag: '"1"', Vary: vary } },
        { fields: { 'Cache-Control': 'max-age=60', Vary: vary } },
      );
      await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      larder.clock.advance(20);
      const validated = await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      expect([validated.text, validated.cache, validated.headers['vary']]).toEqual(['#1', 'HIT', vary]);
    }

    it('has the response chosen by that', async () => {
      await variedAnew('X-Two');
      await larder.freshened('/a');
      const same = await larder.ask('/a', { 'X-One': '2', 'X-Two': '1' });
      expect([same.text, same.cacheStatus]).toEqual(['#1', 'larder; hit; ttl=60']);
      const other = await larder.ask('/a', { 'X-One': '1', 'X-Two': '2' });
      expect([other.text, other.cache]).toEqual(['#3', 'MISS']);
    });

    it('of * has it used no more', async () => {
      await variedAnew('*');
      await larder.holds(0);
      const after = await larder.ask('/a', { 'X-One': '1', 'X-Two': '1' });
      expect([after.text, after.cache]).toEqual(['#3', 'MISS']);
    });

    it('that forbids storing has it used no more', async () => {
      larder.says(
        { fields: { ...FOR_10, ETag: '"1"' } },
        { status: 304, fields: { 'Cache-Control': 'no-store', ETag: '"1"' } },
        { body: 'new' },
      );
      await larder.ask('/a');
      larder.clock.advance(20);
      expect((await larder.ask('/a')).text).toBe('#1');
      await larder.holds(0);
      expect((await larder.ask('/a')).text).toBe('new');
    });
  });

  describe('RFC 9111 §4.3.4: a 304 for what is no longer stored', () => {
    it('because it was deleted meanwhile: the origin is asked again for the whole', async () => {
      larder.says(
        { fields: { ...FOR_10, ETag: '"1"' } },
        async () => {
          await larder.engine.deleteMatching('*');
          return { status: 304, fields: { ...FOR_10, ETag: '"1"' } };
        },
        { fields: { ...FOR_10, ETag: '"1"' } },
      );
      await larder.ask('/a');
      larder.clock.advance(20);
      const answer = await larder.ask('/a');
      expect([answer.status, answer.text, answer.cache]).toEqual([200, '#3', 'MISS']);
      expect(conditions()).toEqual([undefined, '"1"', undefined]);
      expect((await larder.ask('/a')).text).toBe('#3');
    });

    it('because all was cleared meanwhile: the same, for a client with a condition of its own too', async () => {
      larder.says(
        { fields: { ...FOR_10, ETag: '"1"' } },
        async () => {
          await larder.engine.clear();
          return { status: 304, fields: { ETag: '"1"' } };
        },
        { status: 304, fields: { ETag: '"own"' } },
      );
      await larder.ask('/a');
      larder.clock.advance(20);
      const answer = await larder.ask('/a', { 'If-None-Match': '"own"' });
      expect([answer.status, answer.headers['etag']]).toEqual([304, '"own"']);
      expect(conditions()).toEqual([undefined, '"1"', '"own"']);
    });
  });

  describe('one request goes to the origin once', () => {
    it.each<[string, Reply]>([
      ['304 with the tag', { status: 304, fields: { ETag: '"1"' } }],
      ['304 with another tag', { status: 304, fields: { ETag: '"2"' } }],
      ['304 without a tag', { status: 304 }],
      ['200', { fields: { ETag: '"2"' } }],
      ['200 not to be stored', { fields: { 'Cache-Control': 'no-store' } }],
      ['404', { status: 404 }],
      ['412', { status: 412 }],
      ['500', { status: 500 }],
      ['503', { status: 503 }],
    ])('where a validation brings %s', async (_name, reply) => {
      larder.says({ fields: { ...FOR_10, ETag: '"1"' } }, reply);
      await larder.ask('/a', { 'Req-Num': '1' });
      larder.clock.advance(20);
      await larder.ask('/a', { 'Req-Num': '2' });
      expect(larder.origin.requests.map(({ headers }) => headers['req-num'])).toEqual(['1', '2']);
    });
  });
});
