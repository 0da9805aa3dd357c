import { describe, expect, it } from 'vitest';
import type { PersistenceStatus, StoreHealth } from '../../shared/engine-status';
import { watchStore } from './store-notice';

const health = (state: StoreHealth['state'], message: string | null = null) => ({
  health: { state, since: 0, message },
  persistence: null,
});
const persistence = (state: PersistenceStatus['state'], message: string | null = null) => ({
  ...health('ok'),
  persistence: { state, message, bytes: 0, budgetBytes: 0 },
});

describe('watchStore', () => {
  it('says once that the store is gone, and once that it is back', () => {
    const watch = watchStore();
    const notices = (
      ['connecting', 'ok', 'unavailable', 'connecting', 'unavailable', 'ok', 'ok'] as const
    ).map((state) => watch(health(state, state === 'ok' ? null : 'ECONNREFUSED')));
    expect(notices).toEqual([
      [],
      [],
      [{ level: 'warning', message: 'ECONNREFUSED' }],
      [],
      [],
      [{ level: 'info', message: 'the store answers again' }],
      [],
    ]);
  });

  it('says once what a store that answers cannot do, however often it comes and goes', () => {
    const watch = watchStore();
    const messages = [null, 'it is full', null, 'it is full', 'it is read-only'];
    expect(messages.map((message) => watch(health('ok', message)).map((notice) => notice.message))).toEqual([
      [],
      ['it is full'],
      [],
      [],
      ['it is read-only'],
    ]);
  });

  it('says once that the disk refuses, and once that it takes again', () => {
    const watch = watchStore();
    const notices = (['on', 'failing', 'failing', 'on', 'on'] as const).map((state) =>
      watch(persistence(state, state === 'on' ? null : 'ENOSPC')),
    );
    expect(notices).toEqual([
      [],
      [{ level: 'warning', message: 'ENOSPC' }],
      [],
      [{ level: 'info', message: 'what is stored is kept on disk again' }],
      [],
    ]);
  });

  it('says that another Larder has the folder, in its own words where it is given none', () => {
    const watch = watchStore();
    expect(watch(persistence('in-use', 'process 7 has it'))).toEqual([
      { level: 'warning', message: 'process 7 has it' },
    ]);
    expect(watch(persistence('in-use', 'process 7 has it'))).toEqual([]);
    expect(watchStore()(persistence('in-use'))[0]?.message).toMatch(/^another Larder has the cache folder/);
  });

  it('is silent where nothing is to be kept on disk', () => {
    const watch = watchStore();
    expect([persistence('off'), health('ok'), persistence('off')].flatMap(watch)).toEqual([]);
    watch(persistence('failing'));
    expect(watch(persistence('off'))).toEqual([]);
  });
});
