import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangeSummary } from '../../../shared/exchange-summary';
import type { EngineEvent, LarderEngine } from '../../engine/larder-engine';
import { feedWindow } from './window-feed';

/** Only what the feed uses of the engine. */
function feeding() {
  const listeners = new Set<(event: EngineEvent) => void>();
  const sent: string[] = [];
  const notices: string[] = [];
  const engine = {
    subscribe: (listener: (event: EngineEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => ({}),
  } as unknown as LarderEngine;
  const stop = feedWindow({
    engine,
    send: (name) => void sent.push(name),
    onNotice: (message) => void notices.push(message),
    onStatus: () => {},
  });
  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  return { emit, sent, notices, stop };
}

const hit: EngineEvent = { kind: 'exchange', exchange: { id: 1 } as ExchangeSummary };

describe('feedWindow', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('sends the status after exchanges too, because its counters have changed', () => {
    const { emit, sent } = feeding();
    for (let count = 0; count < 50; count += 1) emit(hit);
    vi.advanceTimersByTime(250);
    expect(sent).toEqual(['events.exchanges', 'events.status']);
  });

  it('sends the status once for many changes at a time', () => {
    const { emit, sent } = feeding();
    emit({ kind: 'status' });
    emit({ kind: 'cleared', cleared: 3 });
    emit({ kind: 'status' });
    vi.advanceTimersByTime(250);
    expect(sent).toEqual(['events.status']);
  });

  it('hands notices on and is silent once stopped', () => {
    const { emit, sent, notices, stop } = feeding();
    emit({ kind: 'notice', level: 'warning', message: 'Redis went' });
    emit(hit);
    stop();
    emit({ kind: 'status' });
    vi.advanceTimersByTime(250);
    expect(notices).toEqual(['Redis went']);
    expect(sent).toEqual([]);
  });
});
