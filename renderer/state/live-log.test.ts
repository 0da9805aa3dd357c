import { describe, expect, it } from 'vitest';
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import { LiveLog } from './live-log';

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
    log.setFollowing(false);
    expect(shownIds()).toEqual([3, 2, 1]);
    expect(state().waiting).toBe(2);
    log.setPaused(false);
    expect(state().waiting).toBe(2);
    log.setFollowing(true);
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

  it('counts by outcome what the text lets through, and what the shown ones saved', () => {
    const { log, state } = newLog(4);
    const rows = [
      exchange(1, { outcome: 'HIT', savedMs: 5 }),
      exchange(2, { outcome: 'HIT', savedMs: 20 }),
      exchange(3, { outcome: 'STALE', savedMs: 70 }),
      exchange(4, { outcome: 'MISS', target: '/other' }),
    ];
    log.receive(rows);
    expect(state()).toMatchObject({ savedMs: 95, counts: { HIT: 2, STALE: 1, MISS: 1 } });
    log.setFilter('items', ['HIT']);
    expect(state()).toMatchObject({ shown: 2, savedMs: 25, counts: { HIT: 2, STALE: 1, MISS: 0 } });
    log.receive([exchange(6, { outcome: 'MISS' })]);
    expect(state()).toMatchObject({ shown: 1, savedMs: 20, counts: { HIT: 1, STALE: 1, MISS: 1 } });
  });

  it('sorts by a column, and what comes takes its place', () => {
    const { log, shownIds } = newLog(5);
    const took = (id: number, durationMs: number) => exchange(id, { durationMs });
    log.receive([took(1, 9), took(2, 30), took(3, 4), took(4, 30)]);
    log.setSort({ column: 'took', descending: true });
    expect(shownIds()).toEqual([4, 2, 1, 3]);
    log.receive([took(5, 10), took(6, 1)]);
    expect(shownIds()).toEqual([4, 2, 5, 3, 6]);
    expect(log.indexOf(3)).toBe(3);
    expect(log.indexOf(1)).toBe(-1);
    log.setFilter('', ['MISS']);
    expect(shownIds()).toEqual([6]);
    log.setFilter('', []);
    log.setSort(null);
    expect(shownIds()).toEqual([6, 5, 4, 3, 2]);
  });

  it('turns the order of time round', () => {
    const { log, shownIds } = newLog(4);
    log.setSort({ column: 'time', descending: false });
    log.receive(batch(1, 6));
    expect(shownIds()).toEqual([3, 4, 5, 6]);
    expect([3, 6, 2].map((seq) => log.indexOf(seq))).toEqual([0, 3, -1]);
    expect(log.oldestFirst).toBe(true);
    log.setFilter('', ['MISS']);
    expect(shownIds()).toEqual([6]);
    log.receive(batch(7, 11));
    expect(shownIds()).toEqual([11]);
    expect(log.indexOf(11)).toBe(0);
  });
});
