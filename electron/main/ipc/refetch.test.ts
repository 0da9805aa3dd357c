import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from '../../engine/test/engine-under-test';
import { refetch } from './refetch';

let larder: EngineUnderTest;
beforeEach(async () => {
  larder = await startEngineUnderTest({
    answer: (request, response) => {
      response.setHeader('Vary', 'Accept-Language, X-Absent');
      response.end(`${larder.origin.requests.length} ${request.headers['accept-language'] ?? ''}`);
    },
  });
});
afterEach(() => larder.close());

async function stored(target: string, headers: Record<string, string> = {}): Promise<string> {
  await larder.get(target, { headers });
  await waitUntil(async () => (await entryOf(target)) !== undefined);
  return (await entryOf(target))?.id ?? '';
}

const entryOf = async (target: string) =>
  (await larder.engine.entries({ limit: 100 })).entries.find(({ url }) => url.endsWith(target));

describe('refetch', () => {
  it('asks the origin with the varying fields it had and no-cache, and the answer is stored and logged', async () => {
    const id = await stored('/labels?x=1', { 'Accept-Language': 'de' });
    larder.clock.advance(10);
    expect(await refetch(larder.engine, [id])).toEqual({ refetched: 1, problems: [] });
    const asked = larder.origin.requests[1];
    expect(asked?.url).toBe('/labels?x=1');
    expect(asked?.headers).toMatchObject({ 'accept-language': 'de', 'cache-control': 'no-cache' });
    expect(asked?.headers['x-absent']).toBeUndefined();
    await waitUntil(async () => (await larder.engine.entry(id))?.storedAt === larder.clock.now());
    expect(Buffer.from((await larder.engine.entryBody(id))?.bytes ?? []).toString()).toBe('2 de');
    expect(larder.exchanges.at(-1)).toMatchObject({ outcome: 'MISS', reason: 'reload', stored: true });
  });

  it('does several, each of which is said to be done or why not, in words', async () => {
    const fresh = await stored('/a');
    const mine = await stored('/mine', { Authorization: 'Bearer a' });
    const answer = await refetch(larder.engine, [fresh, mine, 'unknown']);
    expect(answer.refetched).toBe(1);
    expect(answer.problems).toHaveLength(2);
    expect(answer.problems).toContainEqual({ reason: 'It is no longer stored.', urls: ['unknown'] });
    expect(answer.problems).toContainEqual({
      reason: expect.stringContaining('one user'),
      urls: [`${larder.origin.url}/mine`],
    });
    expect(larder.origin.requests.filter(({ url }) => url === '/mine')).toHaveLength(1);
  });

  it('does not ask another origin for it', async () => {
    const id = await stored('/a');
    await larder.apply({ origin: `${larder.origin.url}/v2` });
    const { problems } = await refetch(larder.engine, [id]);
    expect(problems[0]?.reason).toContain('another origin');
    expect(larder.origin.requests).toHaveLength(1);
  });

  it('says that the origin failed, and that what is stored stays', async () => {
    const id = await stored('/a');
    await larder.origin.close();
    const { refetched, problems } = await refetch(larder.engine, [id]);
    expect([refetched, problems[0]?.reason]).toEqual([
      0,
      'The origin did not give a new answer; what is stored stays as it was.',
    ]);
    expect(await larder.engine.entry(id)).not.toBeNull();
  });

  it('is refused while the proxy does not run', async () => {
    const id = await stored('/a');
    await larder.engine.stop();
    await expect(refetch(larder.engine, [id])).rejects.toMatchObject({ code: 'not_running' });
  });
});
