/** Tells listeners what happened. Events report, they never steer: a listener that throws is dropped and nothing else changes. */
import type { EngineEvent } from '../larder-engine';

export interface EventBus {
  publish(event: EngineEvent): void;
  subscribe(listener: (event: EngineEvent) => void): () => void;
  /** `status` at most once in STATUS_INTERVAL_MS; the last change is never lost. */
  statusChanged(): void;
  close(): void;
}

const STATUS_INTERVAL_MS = 250;

export function createEventBus(): EventBus {
  const listeners = new Set<(event: EngineEvent) => void>();
  let statusTimer: NodeJS.Timeout | null = null;
  const publish = (event: EngineEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        listeners.delete(listener);
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  };
  return {
    publish,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    statusChanged: () => {
      if (statusTimer !== null) return;
      statusTimer = setTimeout(() => {
        statusTimer = null;
        publish({ kind: 'status' });
      }, STATUS_INTERVAL_MS);
      statusTimer.unref();
    },
    close: () => {
      if (statusTimer !== null) clearTimeout(statusTimer);
      listeners.clear();
    },
  };
}
