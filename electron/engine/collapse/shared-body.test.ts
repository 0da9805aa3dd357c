import { describe, expect, it } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import type { RawFields } from '../http/raw-fields';
import { createCollectBudget, HIGH_WATER_BYTES, SharedBody, type BodySink } from './shared-body';

const BROKEN = new LarderError('origin_unreachable', 'broken');

class Sink implements BodySink {
  text = '';
  ended: RawFields | null = null;
  failed: LarderError | null = null;
  full = false;

  write(chunk: Uint8Array): boolean {
    this.text += Buffer.from(chunk).toString();
    return !this.full;
  }
  end(trailers: RawFields): void {
    this.ended = trailers;
  }
  fail(error: LarderError): void {
    this.failed = error;
  }
}

function setUp(limitBytes: number | null = 1000, budgetBytes = 1000) {
  const budget = createCollectBudget(budgetBytes);
  const seen = { resumed: 0, abandoned: 0 };
  const body = new SharedBody({
    collect: limitBytes === null ? null : { limitBytes, budget },
    resume: () => (seen.resumed += 1),
    abandoned: () => (seen.abandoned += 1),
  });
  /** The budget is whole again. */
  const isGivenBack = (): boolean => {
    const taken = budget.take(budgetBytes);
    if (taken) budget.giveBack(budgetBytes);
    return taken;
  };
  return { body, seen, isGivenBack };
}

const big = (): Uint8Array => Buffer.alloc(HIGH_WATER_BYTES, 'x');

describe('SharedBody', () => {
  it('gives every reader the whole body, whenever it joins', () => {
    const { body } = setUp();
    const [early, middle, late] = [new Sink(), new Sink(), new Sink()];
    body.read(early);
    body.push(Buffer.from('one '));
    body.read(middle);
    body.push(Buffer.from('two'));
    body.end(['X-Sum', '1']);
    body.read(late);
    for (const sink of [early, middle, late]) {
      expect([sink.text, sink.ended]).toEqual(['one two', ['X-Sum', '1']]);
    }
    expect(Buffer.from(body.collected() ?? []).toString()).toBe('one two');
    expect(body.collected()).toBe(body.collected());
  });

  it('gives the budget back when it is done, whatever the way', () => {
    const ways: ((body: SharedBody, leave: () => void) => void)[] = [
      (body) => {
        body.end([]);
        body.stopCollecting();
        body.stopCollecting();
      },
      (body) => body.fail(BROKEN),
      (_body, leave) => leave(),
      (body) => void body.push(Buffer.alloc(2000)),
      (body) => {
        body.fail(BROKEN);
        body.stopCollecting('not-asked');
      },
    ];
    for (const way of ways) {
      const { body, isGivenBack } = setUp();
      const { leave } = body.read(new Sink());
      body.push(Buffer.alloc(500));
      expect(isGivenBack()).toBe(false);
      way(body, leave);
      expect(isGivenBack()).toBe(true);
    }
  });

  it('stops collecting what is too large or more than all may hold, and the readers get it all', () => {
    for (const [limit, budget, why] of [
      [10, 1000, 'too-large'],
      [1000, 10, 'memory-busy'],
    ] as const) {
      const { body } = setUp(limit, budget);
      const sink = new Sink();
      body.read(sink);
      body.push(Buffer.from('12345678'));
      expect(body.joinable).toBe(true);
      body.push(Buffer.from('90abc'));
      body.end([]);
      expect([sink.text, body.collectStop, body.collected(), body.joinable]).toEqual([
        '1234567890abc',
        why,
        null,
        false,
      ]);
    }
  });

  it('pauses the origin for the slowest reader where nothing is collected, and resumes with it', () => {
    const { body, seen } = setUp(null);
    const [fast, slow] = [new Sink(), new Sink()];
    slow.full = true;
    body.read(fast);
    const { drain } = body.read(slow);
    expect(body.push(big())).toBe(true);
    expect(body.push(big())).toBe(false);
    expect(seen.resumed).toBe(0);
    slow.full = false;
    drain();
    expect(seen.resumed).toBe(1);
    expect(body.push(Buffer.from('y'))).toBe(true);
    expect(slow.text.length).toBe(fast.text.length);
  });

  it('goes on when the slowest reader leaves', () => {
    const { body, seen } = setUp(null);
    const slow = new Sink();
    slow.full = true;
    body.read(new Sink());
    const { leave } = body.read(slow);
    body.push(big());
    expect(body.push(big())).toBe(false);
    leave();
    leave();
    expect([seen.resumed, seen.abandoned]).toEqual([1, 0]);
  });

  it('while collecting goes as fast as the fastest reader', () => {
    const { body } = setUp(10 * HIGH_WATER_BYTES, 10 * HIGH_WATER_BYTES);
    const slow = new Sink();
    slow.full = true;
    body.read(slow);
    expect(body.push(big())).toBe(true);
    expect(body.push(big())).toBe(false);
    const { leave } = body.read(new Sink());
    expect(body.push(big())).toBe(true);
    leave();
    expect(body.push(big())).toBe(false);
  });

  it('breaks off for readers at once, also for those that are full, and for who comes later', () => {
    const { body } = setUp();
    const [ready, full, late] = [new Sink(), new Sink(), new Sink()];
    full.full = true;
    body.read(ready);
    body.read(full);
    body.push(Buffer.from('half'));
    body.fail(BROKEN);
    body.end([]);
    body.read(late);
    for (const sink of [ready, full, late]) expect([sink.failed, sink.ended]).toEqual([BROKEN, null]);
    expect([body.joinable, body.ended, body.hasReaders]).toEqual([false, false, false]);
  });

  it('is abandoned by its last reader only before the end', () => {
    const { body, seen } = setUp();
    const [one, other] = [body.read(new Sink()), body.read(new Sink())];
    one.leave();
    expect(seen.abandoned).toBe(0);
    other.leave();
    expect([seen.abandoned, body.collectStop]).toEqual([1, 'given-up']);

    const ended = setUp();
    const slow = new Sink();
    slow.full = true;
    const reader = ended.body.read(slow);
    ended.body.push(Buffer.from('1'));
    ended.body.push(Buffer.from('2'));
    ended.body.end([]);
    reader.leave();
    expect([ended.seen.abandoned, Buffer.from(ended.body.collected() ?? []).toString()]).toEqual([0, '12']);
  });

  it('takes a reader that leaves while it is written to', () => {
    const { body } = setUp(null);
    const sink = new Sink();
    let leave = (): void => {};
    ({ leave } = body.read({
      write: (chunk) => {
        sink.write(chunk);
        leave();
        return true;
      },
      end: () => sink.end([]),
      fail: (error) => sink.fail(error),
    }));
    body.push(Buffer.from('first'));
    body.push(Buffer.from('second'));
    body.end([]);
    expect([sink.text, sink.ended, body.hasReaders]).toEqual(['first', null, false]);
  });
});
