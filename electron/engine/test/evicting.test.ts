/** Policy `respect` on a memory store that is full: what is evicted while it is asked about (RFC 9111 §4.3.4). */
import { beforeEach, describe, expect, it } from 'vitest';
import { onMemoryStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { held, type ReplyFields } from './scripted-origin';

const MEBIBYTE = 1024 * 1024;
const FOR_10: ReplyFields = { 'Cache-Control': 'max-age=10', ETag: '"1"' };

onMemoryStore({ policy: 'respect', maxMemoryBytes: MEBIBYTE }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  const paths = async () => (await larder.entries()).map(({ url }) => new URL(url).pathname);

  describe('RFC 9111 §4.3.4: a stored response that is being validated', () => {
    const large = { fields: { 'Cache-Control': 'max-age=600' }, body: 'x'.repeat(0.6 * MEBIBYTE) };

    it('is evicted: the origin is asked again for the whole', async () => {
      const { reply, release } = held({ status: 304, fields: FOR_10 });
      larder.says({ fields: FOR_10 }, reply, large, large, { fields: FOR_10, body: 'whole' });
      await larder.ask('/a');
      larder.clock.advance(20);
      const validated = larder.get('/a');
      await waitUntil(() => larder.origin.requests.length === 2);
      await larder.ask('/large/1');
      await larder.ask('/large/2');
      expect(await paths()).toEqual(['/large/2']);
      release();
      expect((await validated).text).toBe('whole');
      const conditions = larder.origin.requests.map(({ headers }) => headers['if-none-match']);
      expect(conditions).toEqual([undefined, '"1"', undefined, undefined, undefined]);
    });

    it('is evicted while it is validated in the background: the 304 does not bring it back', async () => {
      const fields = { ...FOR_10, 'Cache-Control': 'max-age=10, stale-while-revalidate=60' };
      const { reply, release } = held({ status: 304, fields });
      larder.says({ fields }, reply, large);
      await larder.ask('/a');
      larder.clock.advance(20);
      expect((await larder.ask('/a')).text).toBe('#1');
      await waitUntil(() => larder.origin.requests.length === 2);
      for (const target of ['/large/1', '/large/2']) await larder.ask(target);
      release();
      await larder.ask('/large/3');
      expect(await paths()).toEqual(['/large/3']);
    });
  });

  it('RFC 9111 §3.2: larger fields of a 304 stay within the budget', async () => {
    larder.says(({ headers }) =>
      headers['if-none-match'] === undefined
        ? { fields: FOR_10, body: 'x'.repeat(20_000) }
        : { status: 304, fields: { ...FOR_10, 'X-Large': 'x'.repeat(10_000) } },
    );
    for (let entry = 0; entry < 80; entry += 1) await larder.ask(`/${entry}`);
    const before = await paths();
    larder.clock.advance(20);
    for (let entry = 79; entry >= 70; entry -= 1) {
      expect((await larder.ask(`/${entry}`)).text).toHaveLength(20_000);
      await larder.freshened(`/${entry}`);
      expect(larder.engine.status().store.bytes).toBeLessThanOrEqual(MEBIBYTE);
    }
    const after = await paths();
    expect(after.length).toBeLessThan(before.length);
    expect(after).toEqual(expect.arrayContaining(before.slice(0, 10)));
  });
});
