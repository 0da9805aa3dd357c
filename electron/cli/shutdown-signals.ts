/** SIGINT, SIGTERM and SIGHUP: the first asks to stop, the second ends the process at once. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

export interface ShutdownSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<Signal>;
  /** Gives the signals back to Node's own handling. */
  dispose(): void;
}

/** @param end ends the process; gets the exit code that shells expect, 128 + the signal's number */
export function listenForShutdown(end: (exitCode: number) => void): ShutdownSignals {
  let asked = false;
  let resolveFirst: (signal: Signal) => void = () => undefined;
  const first = new Promise<Signal>((resolve) => {
    resolveFirst = resolve;
  });
  const onSignal = (signal: Signal): void => {
    if (asked) end(128 + constants.signals[signal]);
    asked = true;
    resolveFirst(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    first,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
