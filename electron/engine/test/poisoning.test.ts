/** Rows C02, C10, C14 and C16 of hostile-input.md, end to end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';

let larder: EngineUnderTest;

beforeEach(async () => {
  larder = await startEngineUnderTest();
});
afterEach(() => larder.close());

describe('C02: fields that an origin may reflect', () => {
  it.each([
    'X-Forwarded-Host',
    'X-Forwarded-Scheme',
    'X-Forwarded-Port',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
  ])('%s leaves the next clean GET clean', async (name) => {
    larder.origin.answer((request, response) => response.end(JSON.stringify(request.headers)));
    await larder.get('/a', { headers: { [name]: 'evil' } });
    expect((await larder.get('/a')).text).not.toContain('evil');
  });
});

describe('C10: ranges', () => {
  it.each(['bytes=0-1', 'bytes=-999999', 'bytes=0-1,0-1', `bytes=${'0-1,'.repeat(1000)}0-1`])(
    'of a cold key go to the origin, and a 206 is never replayed as 200',
    async (range) => {
      larder.origin.answer((request, response) => {
        if (request.headers.range === undefined) response.end('whole');
        else response.writeHead(206, { 'Content-Range': 'bytes 0-1/5' }).end('wh');
      });
      const part = await larder.get('/a', { headers: { Range: range } });
      expect([part.status, part.text]).toEqual([206, 'wh']);
      const whole = await larder.get('/a');
      expect([whole.status, whole.text, whole.headers['x-cache']]).toEqual([200, 'whole', 'MISS']);
    },
  );

  it('a 206 that nobody asked for is not stored', async () => {
    larder.origin.answer((_request, response) =>
      response.writeHead(206, { 'Content-Range': 'bytes 0-1/5' }).end('wh'),
    );
    await larder.get('/a');
    expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
  });
});

describe('C14: 50 requests at once, and the response is private', () => {
  it('each gets its own', async () => {
    await larder.apply({ policy: 'respect' });
    let answered = 0;
    larder.origin.answer((_request, response) => {
      answered += 1;
      response.writeHead(200, { 'Cache-Control': 'private, max-age=60' }).end(`for ${answered}`);
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => larder.get('/a')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(50);
  });
});

describe('C16: what an unsafe request invalidates', () => {
  it.each(['Location', 'Content-Location'])('is also its %s, of the same origin only', async (name) => {
    for (const target of ['/a', '/same', '/foreign']) await larder.get(target);
    await larder.stored(3);
    for (const url of [`${larder.origin.url}/same`, 'http://foreign.test/foreign']) {
      larder.origin.answer((_request, response) => response.writeHead(201, { [name]: url }).end());
      await larder.get('/a', { method: 'POST', body: 'x' });
    }
    await waitUntil(() => larder.engine.status().store.entries === 1);
    expect((await larder.get('/foreign')).headers['x-cache']).toBe('HIT');
  });
});
