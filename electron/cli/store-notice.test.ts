import { describe, expect, it } from 'vitest';
import { watchStore } from './store-notice';

describe('watchStore', () => {
  it('says once that the store is gone, and once that it is back', () => {
    const watch = watchStore();
    const notices = (
      ['connecting', 'ok', 'unavailable', 'connecting', 'unavailable', 'ok', 'ok'] as const
    ).map((state) => watch({ state, message: state === 'ok' ? null : 'ECONNREFUSED' }));
    expect(notices).toEqual([
      null,
      null,
      {
        level: 'warning',
        message: 'ECONNREFUSED',
      },
      null,
      null,
      { level: 'info', message: 'the store answers again' },
      null,
    ]);
  });
});
