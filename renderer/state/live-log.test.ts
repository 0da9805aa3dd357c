import { describe, expect, it } from 'vitest';
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import { LiveLog } from './live-log';
import { compileFilter } from './log-filter';

const OUTCOME_CYCLE: readonly Outcome[] = ['HIT', 'MISS', 'STALE', 'PASS', 'ERROR'];

function exchange(id: number, patch: Partial<ExchangeSummary> = {}): ExchangeSummary {
  return {
    id,
    startedAt: id,
    method: 'GET',
    target: `/items/${id}`,
    status: 200,
    outcome: OUTCOME_CYCLE[id % 5] ?? 'HIT',
    reason: 'fresh',
    facts: {},
    forward: null,
    stored: false,
    notStored: null,
    collapsed: false,
    ttlSeconds: null,
    ageSeconds: null,
    contentType: 'application/json',
    bodyBytes: 10,
    durationMs: 1,
    savedMs: null,
    entryId: null,
    error: null,
    ...patch,
  };
}

const batch = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => exchange(from + index));

function newLog(capacity = 10) {
  const log = new LiveLog({ capacity, schedule: (publish) => publish() });
  const shownIds = () =>
    Array.from({ length: log.store.getState().shown }, (_, index) => log.rowAt(index)?.exchange.id);
  return { log, shownIds, state: () => log.store.getState() };
}

describe('LiveLog', () => {
  it('shows the newest first and keeps as many as it has room for', () => {
    const { log, shownIds, state } = newLog(4);
    log.receive(batch(1, 6));
    expect(shownIds()).toEqual([6, 5, 4, 3]);
    expect(state()).toMatchObject({ total: 4, shown: 4 });
    expect(Object.values(state().counts).reduce((sum, count) => sum + count)).toBe(4);
  });

  it('publishes a batch once a frame', () => {
    const frames: (() => void)[] = [];
    const log = new LiveLog({ schedule: (publish) => frames.push(publish) });
    let published = 0;
    log.store.subscribe(() => (published += 1));
    for (let id = 1; id <= 50; id += 1) log.receive([exchange(id)]);
    expect([frames.length, published]).toEqual([1, 0]);
    frames[0]?.();
    expect([published, log.store.getState().total]).toEqual([1, 50]);
  });

  it('filters what is there and what comes, and forgets rows that left the log', () => {
    const { log, shownIds, state } = newLog(10);
    log.receive(batch(1, 10));
    log.setFilter('', ['HIT']);
    expect(shownIds()).toEqual([10, 5]);
    log.receive(batch(11, 16));
    expect(shownIds()).toEqual([15, 10]);
    expect(state().total).toBe(10);
    log.receive([...batch(17, 19), exchange(21), exchange(22), exchange(23), exchange(24)]);
    expect(shownIds()).toEqual([15]);
    log.setFilter('', []);
    expect(state().shown).toBe(10);
  });

  it('finds a row by its number, in the filtered view too', () => {
    const { log } = newLog(10);
    log.receive(batch(1, 14));
    log.setFilter('is:hit', []);
    const row = log.rowAt(0);
    expect(row?.exchange.id).toBe(10);
    expect(log.indexOf(row?.seq ?? 0)).toBe(0);
    expect(log.indexOf(11)).toBe(-1);
    expect(log.indexOf(1)).toBe(-1);
  });

  it('stands still while paused or scrolled away, and catches up after both', () => {
    const { log, shownIds, state } = newLog(4);
    log.receive(batch(1, 3));
    log.setPaused(true);
    log.receive(batch(4, 5));
    log.setScrolledAway(true);
    expect(shownIds()).toEqual([3, 2, 1]);
    expect(state().waiting).toBe(2);
    log.setPaused(false);
    expect(state().waiting).toBe(2);
    log.setScrolledAway(false);
    expect(shownIds()).toEqual([5, 4, 3, 2]);
    expect(state().waiting).toBe(0);
  });

  it('clears rows, counts and drops but not the filter', () => {
    const { log, state } = newLog();
    log.receive(batch(1, 5), 7);
    log.setFilter('x', ['HIT']);
    expect(state().dropped).toBe(7);
    log.clear();
    expect(state()).toMatchObject({ total: 0, shown: 0, dropped: 0, filterText: 'x', outcomes: ['HIT'] });
    expect(state().counts.HIT).toBe(0);
  });

  it('filters 10,000 rows in less than 50 ms', () => {
    const { log, state } = newLog(10_000);
    log.receive(batch(1, 12_000));
    const start = performance.now();
    log.setFilter('method:get status:2xx -is:error /items/1', []);
    expect(performance.now() - start).toBeLessThan(50);
    expect(state().shown).toBeGreaterThan(0);
  });
});

describe('compileFilter', () => {
  const matches = (text: string, patch: Partial<ExchangeSummary>) =>
    compileFilter(text)?.(exchange(1, patch)) ?? true;

  it.each([
    ['', {}, true],
    ['ITEMS', {}, true],
    ['items nothing', {}, false],
    ['method:post', { method: 'POST' }, true],
    ['method:get,post', { method: 'PUT' }, false],
    ['post', { method: 'POST' }, true],
    ['status:4xx', { status: 404 }, true],
    ['status:4xx', { status: 204 }, false],
    ['status:404,500', { status: 500 }, true],
    ['status:2', { status: null }, false],
    ['is:hit', { outcome: 'HIT' }, true],
    ['is:mi', { outcome: 'MISS' }, true],
    ['-is:hit', { outcome: 'HIT' }, false],
    ['path:/items', {}, true],
    ['type:json', {}, true],
    ['type:html', {}, false],
    ['"a b"', { target: '/a b' }, true],
    ['-items', {}, false],
    ['next:1', { target: '/x?next:1' }, true],
    ['-', { target: '/a-b' }, true],
    ['status:', {}, true],
  ] as const satisfies readonly (readonly [string, Partial<ExchangeSummary>, boolean])[])(
    '%j with %o is %s',
    (text, patch, expected) => {
      expect(matches(text, patch)).toBe(expected);
    },
  );
});
