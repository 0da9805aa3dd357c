/** Carries what the engine reports to the window: exchanges in batches, the status when it changed. */
import type { EngineEvent, LarderEngine } from '../../engine/larder-engine';
import type { IpcEventName, IpcEvents } from '../../../shared/ipc-contract';
import { EventBatcher } from './event-batcher';

export type SendToWindow = <E extends IpcEventName>(event: E, payload: IpcEvents[E]) => void;

export interface WindowFeedOptions {
  readonly engine: LarderEngine;
  readonly send: SendToWindow;
  readonly onNotice: (message: string) => void;
  readonly onStatus: () => void;
}

const STATUS_INTERVAL_MS = 250;

/** Returns the function that ends the feed. */
export function feedWindow({ engine, send, onNotice, onStatus }: WindowFeedOptions): () => void {
  const batcher = new EventBatcher({ deliver: (batch) => send('events.exchanges', batch) });
  let statusTimer: ReturnType<typeof setTimeout> | null = null;
  const statusSoon = () => {
    statusTimer ??= setTimeout(() => {
      statusTimer = null;
      send('events.status', engine.status());
      onStatus();
    }, STATUS_INTERVAL_MS);
  };
  const unsubscribe = engine.subscribe((event: EngineEvent) => {
    switch (event.kind) {
      case 'exchange':
        batcher.push(event.exchange);
        // The counters in the status have changed as well, which the engine does not report by itself.
        return statusSoon();
      case 'status':
      case 'cleared':
        return statusSoon();
      case 'notice':
        return onNotice(event.message);
    }
  });
  return () => {
    unsubscribe();
    batcher.dispose();
    if (statusTimer !== null) clearTimeout(statusTimer);
  };
}
