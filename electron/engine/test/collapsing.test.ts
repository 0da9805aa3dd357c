import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './engine-under-test';
import type { ServerResponse } from 'node:http';

let larder: EngineUnderTest;
let held: ServerResponse[];

beforeEach(async () => {
  held = [];
  larder = await startEngineUnderTest({ answer: (_request, response) => void held.push(response) });
});
afterEach(() => larder.close());

function ask(count: number, headers: (index: number) => Record<string, string> = () => ({})) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => larder.get('/a', { headers: headers(index) })),
  );
}

/** Until every request has reached the engine: the leader upstream, the others waiting. */
async function waitForAsked(upstream: number): Promise<void> {
  await waitUntil(() => held.length === upstream);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('concurrent misses on one key', () => {
  it('make one request upstream and all get the whole body', async () => {
    const asked = ask(50);
    await waitForAsked(1);
    held[0]?.write('first ');
    held[0]?.end('second');
    const answers = await asked;
    expect(new Set(answers.map((answer) => answer.text))).toEqual(new Set(['first second']));
    expect(larder.origin.requests).toHaveLength(1);
    const collapsed = answers.filter((answer) =>
      String(answer.headers['cache-status']).includes('collapsed'),
    );
    expect(
      collapsed.length +
        answers.filter((answer) => String(answer.headers['cache-status']).includes('; stored')).length,
    ).toBeLessThanOrEqual(50);
    expect(larder.engine.status().counters.upstreamRequests).toBe(1);
  });

  it('followers stream from the leader as its body arrives', async () => {
    const chunks: string[] = [];
    const leader = larder.get('/a');
    await waitUntil(() => held.length === 1);
    const socket = connect(larder.port, '127.0.0.1', () =>
      socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    );
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => chunks.push(chunk));
    held[0]?.write('early');
    await waitUntil(() => chunks.join('').includes('early'));
    expect(larder.exchanges).toHaveLength(0);
    expect(chunks.join('')).toContain('larder; fwd=uri-miss; fwd-status=200; ttl=300; collapsed');
    held[0]?.end('late');
    await leader;
    await waitUntil(() => chunks.join('').includes('late'));
  });

  it('give each its own where the response may not be shared', async () => {
    const asked = ask(10);
    await waitForAsked(1);
    held[0]?.writeHead(404).end('not shared');
    await waitUntil(() => held.length === 10);
    for (const response of held.slice(1)) response.writeHead(404).end('own');
    const answers = await asked;
    expect(answers.filter((answer) => answer.text === 'own')).toHaveLength(9);
    expect(larder.origin.requests).toHaveLength(10);
  });

  it('share by variant where the response varies', async () => {
    const asked = ask(20, (index) => ({ 'Accept-Language': index % 2 === 0 ? 'de' : 'en' }));
    await waitForAsked(1);
    held[0]?.writeHead(200, { Vary: 'Accept-Language' }).end('one');
    await waitForAsked(2);
    held[1]?.writeHead(200, { Vary: 'Accept-Language' }).end('other');
    const answers = await asked;
    expect(answers.filter((answer) => answer.text === 'one')).toHaveLength(10);
    expect(answers.filter((answer) => answer.text === 'other')).toHaveLength(10);
    expect(larder.origin.requests).toHaveLength(2);
  });

  it('fail together, with one request upstream', async () => {
    const asked = ask(20);
    await waitForAsked(1);
    held[0]?.destroy();
    const answers = await asked;
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([502]));
    expect(larder.origin.requests).toHaveLength(1);
  });

  it('do not share with another user', async () => {
    const asked = ask(2, (index) => ({ Authorization: `user ${index}` }));
    await waitUntil(() => held.length === 2);
    held.forEach((response, index) => response.end(String(index)));
    expect(new Set((await asked).map((answer) => answer.text)).size).toBe(2);
  });

  it('go on when one of them leaves, and the response is stored', async () => {
    const socket = connect(larder.port, '127.0.0.1', () =>
      socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    await waitUntil(() => held.length === 1);
    const asked = ask(9);
    await waitForAsked(1);
    held[0]?.write('half ');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await waitUntil(() => larder.exchanges.length === 1);
    held[0]?.end('whole');
    expect(new Set((await asked).map((answer) => answer.text))).toEqual(new Set(['half whole']));
    await larder.stored(1);
    expect((await larder.get('/a')).headers['x-cache']).toBe('HIT');
  });

  it('of a stale response share one validation', async () => {
    const first = larder.get('/a');
    await waitUntil(() => held.length === 1);
    held[0]?.writeHead(200, { ETag: '"1"' }).end('body');
    await first;
    await larder.stored(1);
    larder.clock.advance(301);
    const asked = ask(20);
    await waitForAsked(2);
    held[1]?.writeHead(304, { ETag: '"1"' }).end();
    const answers = await asked;
    expect(new Set(answers.map((answer) => `${answer.text} ${answer.headers['x-cache']}`))).toEqual(
      new Set(['body HIT']),
    );
    expect(larder.origin.requests).toHaveLength(2);
  });
});

describe('1,000 requests at 50 at a time over 20 keys', () => {
  it('make 20 requests upstream, and none fails', async () => {
    larder.origin.answer((request, response) => setImmediate(() => response.end(`body of ${request.url}`)));
    let next = 0;
    const failures: string[] = [];
    const worker = async (): Promise<void> => {
      while (next < 1000) {
        const target = `/key/${next % 20}`;
        next += 1;
        const answer = await larder.get(target);
        if (answer.text !== `body of ${target}`) failures.push(`${target}: ${answer.status} ${answer.text}`);
      }
    };
    await Promise.all(Array.from({ length: 50 }, worker));
    expect(failures).toEqual([]);
    expect(larder.origin.requests).toHaveLength(20);
  });
});
