import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { exchangeTiming } from './exchange-timing';
import { startEngineUnderTest, waitUntil, type EngineUnderTest } from './test/engine-under-test';
import type { Answer } from './test/recording-origin';

const MISS = { durationMs: 100, outcome: 'MISS', collapsed: false } as const;
const NEW = { dispatchedAt: 1002, sentAt: 1030, headAt: 1080, connection: 'new' } as const;

describe('exchangeTiming', () => {
  it('divides a miss over a new connection', () => {
    const timing = exchangeTiming({ summary: MISS, firstByteMs: 81, origin: NEW, startedAt: 1000 });
    expect(timing).toEqual({
      firstByteMs: 81,
      totalMs: 100,
      connection: 'new',
      phases: [
        { phase: 'waiting', ms: 2 },
        { phase: 'connecting', ms: 28 },
        { phase: 'first-byte', ms: 50 },
        { phase: 'download', ms: 20 },
      ],
    });
  });

  it('has no connecting on a connection that was there: what passed was waiting', () => {
    const origin = { ...NEW, connection: 'reused' } as const;
    const { phases } = exchangeTiming({ summary: MISS, firstByteMs: 81, origin, startedAt: 1000 });
    expect(phases.map(({ phase, ms }) => [phase, ms])).toEqual([
      ['waiting', 30],
      ['first-byte', 50],
      ['download', 20],
    ]);
  });

  it('ends where it failed', () => {
    const never = { ...NEW, sentAt: null, headAt: null, connection: null };
    const summary = { ...MISS, outcome: 'ERROR' } as const;
    const { phases } = exchangeTiming({ summary, firstByteMs: 99, origin: never, startedAt: 1000 });
    expect(phases).toEqual([
      { phase: 'waiting', ms: 2 },
      { phase: 'connecting', ms: 98 },
    ]);
    const silent = { ...NEW, headAt: null };
    const late = exchangeTiming({ summary, firstByteMs: 99, origin: silent, startedAt: 1000 });
    expect(late.phases.at(-1)).toEqual({ phase: 'first-byte', ms: 70 });
  });

  it('of a shared request knows only the waiting for it', () => {
    const summary = { ...MISS, collapsed: true };
    const { phases, connection } = exchangeTiming({ summary, firstByteMs: 60, origin: NEW, startedAt: 1010 });
    expect([phases, connection]).toEqual([
      [
        { phase: 'waiting', ms: 60 },
        { phase: 'download', ms: 40 },
      ],
      null,
    ]);
  });

  it('is never negative, and always adds up', () => {
    const odd = { dispatchedAt: 900, sentAt: 890, headAt: 5000, connection: 'new' } as const;
    const { phases } = exchangeTiming({ summary: MISS, firstByteMs: null, origin: odd, startedAt: 1000 });
    expect(phases.every(({ ms }) => ms >= 0)).toBe(true);
    expect(phases.reduce((sum, { ms }) => sum + ms, 0)).toBe(100);
  });
});

describe('the timing of real exchanges', () => {
  let larder: EngineUnderTest;
  afterEach(() => larder.close());

  async function timingOf(target: string) {
    const before = larder.exchanges.length;
    await larder.get(target);
    await waitUntil(() => larder.exchanges.length > before);
    const timing = larder.engine.exchangeDetails(larder.exchanges.at(-1)?.id ?? 0)?.timing;
    const sum = timing?.phases.reduce((total, { ms }) => total + ms, 0) ?? -1;
    expect(sum).toBeCloseTo(timing?.totalMs ?? 0, 6);
    return { names: timing?.phases.map(({ phase }) => phase), connection: timing?.connection, timing };
  }

  it('tells a new connection from one that is used again, and a hit from both', async () => {
    larder = await startEngineUnderTest({});
    const asked = ['waiting', 'connecting', 'first-byte', 'download'];
    expect(await timingOf('/a')).toMatchObject({ names: asked, connection: 'new' });
    expect(await timingOf('/b')).toMatchObject({
      names: ['waiting', 'first-byte', 'download'],
      connection: 'reused',
    });
    await larder.stored(2);
    expect(await timingOf('/a')).toMatchObject({ names: ['lookup', 'write'], connection: null });
  });

  it('puts the time the origin takes where it belongs', async () => {
    const at = { asked: 0, answered: 0, headSeen: 0, ended: 0 };
    let end = (): void => {};
    const answer: Answer = (_request, response) => {
      at.asked = performance.now();
      setImmediate(() => {
        at.answered = performance.now();
        response.writeHead(200).write('first');
      });
      end = () => {
        at.ended = performance.now();
        response.end('rest');
      };
    };
    larder = await startEngineUnderTest({ answer });
    get({ host: '127.0.0.1', port: larder.port, path: '/slow', agent: false }, (response) => {
      at.headSeen = performance.now();
      response.resume();
      setImmediate(end);
    });
    await waitUntil(() => larder.exchanges.length > 0);
    const { phases } = larder.engine.exchangeDetails(larder.exchanges[0]?.id ?? 0)?.timing ?? { phases: [] };
    const ms = Object.fromEntries(phases.map((one) => [one.phase, one.ms]));
    // All in one process, by one clock: what the origin and the client saw lies within.
    expect(ms['first-byte']).toBeGreaterThanOrEqual(at.answered - at.asked);
    expect(ms['download']).toBeGreaterThanOrEqual(at.ended - at.headSeen);
  });

  it('says that no connection came about', async () => {
    larder = await startEngineUnderTest({});
    await larder.origin.close();
    expect(await timingOf('/gone')).toMatchObject({ names: ['waiting', 'connecting'], connection: null });
  });
});
