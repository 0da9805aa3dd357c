/** Policy `respect`: many at a time, and what changes while it is being asked about. */
import { beforeEach, describe, expect, it } from 'vitest';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { held, type Reply, type ReplyFields, type ReplyMessage } from './scripted-origin';

const CLIENTS = 50;
const FOR_10: ReplyFields = { 'Cache-Control': 'max-age=10', ETag: '"1"' };
const NOT_MODIFIED: ReplyMessage = { status: 304, fields: FOR_10 };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  const upstream = (count: number) => waitUntil(() => larder.origin.requests.length === count);

  /** Stored, and 10 s stale; then the origin says `then`. */
  async function stale(fields: ReplyFields, ...then: Reply[]): Promise<void> {
    larder.says({ fields });
    await larder.ask('/a');
    larder.clock.advance(20);
    if (then.length > 0) larder.says(...then);
  }

  /** What has been begun before this has gone into the store, or will not. */
  async function settle(): Promise<void> {
    larder.says({ fields: { 'Cache-Control': 'max-age=1' } });
    await larder.ask('/settle');
    await larder.engine.deleteMatching('/settle');
  }

  describe(`RFC 9111 §4: ${CLIENTS} clients of one stale response`, () => {
    /** They all wait for the one reply. */
    async function together(message: ReplyMessage) {
      const { reply, release } = held(message);
      await stale(FOR_10, reply, { body: 'asked again' });
      const asked = Promise.all(Array.from({ length: CLIENTS }, () => larder.get('/a')));
      await upstream(2);
      await larder.arrived();
      release();
      const answers = await asked;
      return { texts: new Set(answers.map(({ text }) => text)), answers };
    }

    it('share one validation that brings 304', async () => {
      const { texts, answers } = await together(NOT_MODIFIED);
      expect(texts).toEqual(new Set(['#1']));
      expect(larder.origin.requests).toHaveLength(2);
      expect(new Set(answers.map(({ headers }) => headers['x-cache']))).toEqual(new Set(['HIT']));
      const collapsed = answers.filter(({ headers }) =>
        String(headers['cache-status']).endsWith('; collapsed'),
      );
      expect(collapsed).toHaveLength(CLIENTS - 1);
    });

    it('share one validation that brings a new response', async () => {
      const { texts } = await together({ fields: { ...FOR_10, ETag: '"2"' } });
      expect([texts, larder.origin.requests.length]).toEqual([new Set(['#2']), 2]);
      expect((await larder.ask('/a')).text).toBe('#2');
    });

    it('share one validation that fails, and what is stale', async () => {
      const { texts } = await together({ status: 503 });
      expect([texts, larder.origin.requests.length]).toEqual([new Set(['#1']), 2]);
    });

    it('get each their own where the new response may not be shared', async () => {
      const { answers } = await together({ fields: { 'Cache-Control': 'no-store' }, body: 'first' });
      expect(answers.filter(({ text }) => text === 'first')).toHaveLength(1);
      expect(answers.filter(({ text }) => text === 'asked again')).toHaveLength(CLIENTS - 1);
      expect(larder.origin.requests).toHaveLength(1 + CLIENTS);
    });

    it('each get by their own condition', async () => {
      const { reply, release } = held(NOT_MODIFIED);
      await stale(FOR_10, reply);
      const asked = Promise.all(
        Array.from({ length: CLIENTS }, (_, index) =>
          larder.get('/a', { headers: index % 2 === 0 ? { 'If-None-Match': '"1"' } : {} }),
        ),
      );
      await upstream(2);
      await larder.arrived();
      release();
      const statuses = (await asked).map(({ status }) => status);
      expect(statuses).toEqual(statuses.map((_, index) => (index % 2 === 0 ? 304 : 200)));
      expect(larder.origin.requests).toHaveLength(2);
    });
  });

  describe('RFC 9111 §4: what is on its way into the store', () => {
    const REPEATED = 30;

    it('is used at once where it is fresh', async () => {
      larder.says({ fields: FOR_10 });
      for (let time = 0; time < REPEATED; time += 1) {
        await larder.get(`/${time}`);
        const hit = await larder.get(`/${time}`, { headers: { 'If-None-Match': '"1"' } });
        expect([hit.status, hit.headers['x-cache']]).toEqual([304, 'HIT']);
      }
      expect(larder.origin.requests).toHaveLength(REPEATED);
    });

    it.each(['max-age=0', 'no-cache', 'max-age=60, no-cache'])(
      'is not used without asking where it says %s',
      async (value) => {
        larder.says({ fields: { 'Cache-Control': value, 'Last-Modified': 'Sun, 01 Mar 2026 10:00:00 GMT' } });
        for (let time = 0; time < REPEATED; time += 1) {
          await larder.get(`/${time}`);
          await larder.get(`/${time}`);
        }
        expect(larder.origin.requests).toHaveLength(2 * REPEATED);
      },
    );

    it('is not used by a request that reloads', async () => {
      larder.says({ fields: FOR_10 });
      for (let time = 0; time < REPEATED; time += 1) {
        await larder.get(`/${time}`);
        await larder.get(`/${time}`, { headers: { 'Cache-Control': 'no-cache' } });
      }
      expect(larder.origin.requests).toHaveLength(2 * REPEATED);
    });

    it('is fresh again at once when a 304 has come', async () => {
      larder.says((request) =>
        request.headers['if-none-match'] === undefined ? { fields: FOR_10 } : NOT_MODIFIED,
      );
      for (let time = 0; time < REPEATED; time += 1) {
        await larder.get('/a');
        expect((await larder.get('/a')).headers['cache-status']).toBe('larder; hit; ttl=10');
        larder.clock.advance(20);
      }
      expect(larder.origin.requests).toHaveLength(REPEATED);
    });
  });

  describe('RFC 9111 §4.4: a POST that is answered while', () => {
    const post = async () => expect((await larder.get('/a', { method: 'POST' })).status).toBe(200);

    it('a GET is under way keeps its response from being stored', async () => {
      const { reply, release } = held({ fields: FOR_10, body: 'old' });
      larder.says(reply, {}, { fields: FOR_10, body: 'new' });
      const old = larder.get('/a');
      await upstream(1);
      await post();
      release();
      expect((await old).text).toBe('old');
      await waitUntil(() => larder.exchanges.length === 2);
      expect(larder.exchanges.at(-1)?.notStored).toBe('invalidated-meanwhile');
      expect((await larder.ask('/a')).text).toBe('new');
    });

    it('a validation is under way is not undone by its 304', async () => {
      const { reply, release } = held(NOT_MODIFIED);
      await stale(FOR_10, reply, {}, { fields: FOR_10, body: 'new' });
      const validated = larder.get('/a');
      await upstream(2);
      await post();
      release();
      expect((await validated).text).toBe('new');
      expect(larder.origin.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET']);
      expect(larder.origin.requests[3]?.headers['if-none-match']).toBeUndefined();
      expect((await larder.ask('/a')).text).toBe('new');
    });

    it('a validation of another variant is under way is not undone by its 304', async () => {
      const varied = { ...FOR_10, Vary: 'X-Kind' };
      const { reply, release } = held({ status: 304, fields: varied });
      larder.says({ fields: varied }, reply, {}, { fields: varied, body: 'new' });
      await larder.ask('/a', { 'X-Kind': 'a' });
      const validated = larder.get('/a', { headers: { 'X-Kind': 'b' } });
      await upstream(2);
      await post();
      release();
      expect((await validated).text).toBe('new');
      await settle();
      expect((await larder.entries()).map(({ vary }) => vary)).toEqual([[['x-kind', 'b']]]);
    });

    it.each<[string, ReplyMessage]>([
      ['304', NOT_MODIFIED],
      ['200', { fields: FOR_10, body: 'old' }],
    ])('a validation is under way in the background is not undone by its %s', async (_name, message) => {
      const { reply, release } = held(message);
      await stale({ ...FOR_10, 'Cache-Control': 'max-age=10, stale-while-revalidate=60' }, reply, {});
      expect((await larder.get('/a')).text).toBe('#1');
      await upstream(2);
      await post();
      expect(await larder.entries()).toHaveLength(0);
      release();
      await settle();
      expect(await larder.entries()).toHaveLength(0);
    });
  });

  describe('RFC 9111 §4.3.4: a 304 for what has been replaced meanwhile', () => {
    it('does not bring it back', async () => {
      const { reply, release } = held(NOT_MODIFIED);
      await stale(FOR_10, reply, { fields: { ...FOR_10, ETag: '"2"' } }, { status: 401 });
      const validated = larder.get('/a');
      await upstream(2);
      expect((await larder.ask('/a', { 'Cache-Control': 'no-cache' })).text).toBe('#3');
      release();
      // What the 304 speaks of is gone, so that the origin was asked again.
      expect((await validated).status).toBe(401);
      await settle();
      const hit = await larder.ask('/a');
      expect([hit.text, hit.headers['etag'], hit.cache]).toEqual(['#3', '"2"', 'HIT']);
    });
  });

  it('a client that leaves gives up its validation, and leaves what is stored', async () => {
    const { reply, release } = held(NOT_MODIFIED);
    await stale(FOR_10, reply, NOT_MODIFIED);
    const gone = new AbortController();
    const left = fetch(`http://127.0.0.1:${larder.port}/a`, { signal: gone.signal }).catch(() => 'left');
    await upstream(2);
    gone.abort();
    expect(await left).toBe('left');
    await waitUntil(() => larder.exchanges.length === 2);
    release();
    const next = await larder.ask('/a');
    expect([next.text, next.cache]).toEqual(['#1', 'HIT']);
  });
});
