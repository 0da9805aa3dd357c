import { describe, expect, it } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import type { EngineConfig } from '../engine-config';
import type { OriginSink } from '../origin/origin-response';
import { Fill } from './fill';
import { createFillsInFlight, type InFlight } from './fills-in-flight';
import { createCollectBudget, type BodySink } from './shared-body';

const HEAD = { status: 200, statusText: 'OK', fields: [] };
const TIMES = { dispatchedAt: 0, sentAt: null, headAt: null, connection: null };
const SINK: BodySink = { write: () => true, end: () => {}, fail: () => {} };

function setUp(key = 'http://origin/a') {
  let origin: OriginSink | undefined;
  const seen = { aborted: 0, resumed: 0 };
  let time = 1000;
  const fill = new Fill({
    key,
    collect: { limitBytes: 1000, budget: createCollectBudget(1000) },
    now: () => (time += 1),
    send: (sink) => {
      origin = sink;
      return { times: TIMES, resume: () => (seen.resumed += 1), abort: () => (seen.aborted += 1) };
    },
  });
  if (origin === undefined) throw new Error('nothing was sent');
  return { fill, origin, seen };
}

describe('Fill', () => {
  it('tells head and end once each, with their times', async () => {
    const { fill, origin } = setUp();
    origin.onHead(HEAD);
    origin.onData(Buffer.from('body'));
    origin.onEnd(['X-Sum', '1']);
    expect(await fill.head).toEqual({ kind: 'head', head: HEAD });
    expect(await fill.ended).toEqual(['X-Sum', '1']);
    expect([fill.requestTime, fill.responseTime]).toEqual([1001, 1002]);
    expect(fill.body.ended).toBe(true);
  });

  it('a failure before the head settles both, and never rejects', async () => {
    const { fill, origin } = setUp();
    const error = new LarderError('origin_timeout', 'late');
    origin.onError(error);
    expect(await fill.head).toEqual({ kind: 'failed', error });
    expect(await fill.ended).toBeNull();
    expect(fill.body.joinable).toBe(false);
  });

  it('a failure within the body leaves the head and ends with null', async () => {
    const { fill, origin } = setUp();
    origin.onHead(HEAD);
    origin.onError(new LarderError('origin_unreachable', 'gone'));
    expect((await fill.head).kind).toBe('head');
    expect(await fill.ended).toBeNull();
  });

  it('is given up when the last who waits for the head leaves, and not before', async () => {
    const { fill, seen } = setUp();
    const [one, other] = [fill.join(), fill.join()];
    one();
    one();
    expect(seen.aborted).toBe(0);
    other();
    expect(seen.aborted).toBe(1);
    expect((await fill.head).kind).toBe('failed');
    expect(await fill.ended).toBeNull();
  });

  it('is not given up while somebody reads, nor when it has ended', () => {
    const { fill, origin, seen } = setUp();
    const leave = fill.join();
    origin.onHead(HEAD);
    const reader = fill.body.read(SINK);
    leave();
    expect(seen.aborted).toBe(0);
    origin.onEnd([]);
    reader.leave();
    fill.abandonIfUnread();
    expect(seen.aborted).toBe(0);
  });

  it('is not given up by its last reader while another still waits for the head', () => {
    const { fill, origin, seen } = setUp();
    const leave = fill.join();
    origin.onHead(HEAD);
    fill.body.read(SINK).leave();
    expect(seen.aborted).toBe(0);
    leave();
    expect(seen.aborted).toBe(1);
  });

  it('resumes the origin through the body', () => {
    const { fill, origin, seen } = setUp();
    origin.onHead(HEAD);
    let full = true;
    const reader = fill.body.read({ ...SINK, write: () => !full });
    fill.body.stopCollecting('not-asked');
    origin.onData(Buffer.alloc(128 * 1024));
    expect(origin.onData(Buffer.alloc(128 * 1024))).toBe(false);
    full = false;
    reader.drain();
    expect(seen.resumed).toBe(1);
  });
});

describe('fills in flight', () => {
  const inFlight = (fill: Fill): InFlight => ({
    fill,
    outcome: new Promise(() => {}),
    stored: Promise.resolve(),
    config: {} as EngineConfig,
  });

  it('are found by their collapse key until removed', () => {
    const all = createFillsInFlight();
    const { fill } = setUp();
    all.add(inFlight(fill), 'GET a');
    expect(all.find('GET a')?.fill).toBe(fill);
    all.remove(fill);
    all.remove(fill);
    expect(all.find('GET a')).toBeUndefined();
  });

  it('leave the place of one that followed on the same key', () => {
    const all = createFillsInFlight();
    const [first, second] = [setUp().fill, setUp().fill];
    all.add(inFlight(first), 'GET a');
    all.add(inFlight(second), 'GET a');
    all.remove(first);
    expect(all.find('GET a')?.fill).toBe(second);
  });

  it('are no longer joined nor stored once their key is invalidated, shared or not', () => {
    const all = createFillsInFlight();
    const [shared, alone, other] = [setUp().fill, setUp().fill, setUp('http://origin/b').fill];
    all.add(inFlight(shared), 'GET a');
    all.add(inFlight(alone), null);
    all.add(inFlight(other), 'GET b');
    all.invalidate(['http://origin/a'], other);
    expect([shared.invalidated, alone.invalidated, other.invalidated]).toEqual([true, true, false]);
    expect(all.find('GET a')).toBeUndefined();
    expect(all.find('GET b')?.fill).toBe(other);
    all.invalidateAll();
    expect(other.invalidated).toBe(true);
  });

  it('do not invalidate themselves: what POST answers may be stored (RFC 9110 §9.3.3)', () => {
    const all = createFillsInFlight();
    const [post, earlier] = [setUp().fill, setUp().fill];
    all.add(inFlight(post), null);
    all.add(inFlight(earlier), 'GET a');
    all.invalidate(['http://origin/a'], post);
    expect([post.invalidated, earlier.invalidated]).toEqual([false, true]);
    all.invalidateAll();
    expect(post.invalidated).toBe(true);
  });
});
