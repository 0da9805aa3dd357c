/** Two engines that differ in nothing but the way in, each before an origin of its own that answers as the other's does. */
import { DEFAULT_SETTINGS, MEBIBYTE, type Settings } from '../../../../shared/settings';
import { createEngine } from '../../create-engine';
import type { LarderEngine } from '../../larder-engine';
import { waitUntil } from '../engine-under-test';
import { FUZZ_TIME, startFuzzOrigin, type FuzzOrigin, type Scripted } from './fuzz-origin';

export interface EngineBehindOrigin {
  readonly engine: LarderEngine;
  readonly origin: FuzzOrigin;
  readonly port: number;
}

export interface EnginePair {
  /** The fast way in first. */
  readonly both: readonly [EngineBehindOrigin, EngineBehindOrigin];
  /** Nothing is stored any more, and nothing recorded. */
  clear(): Promise<void>;
  /** Does not end while a connection of a client is held; every client is to have left. */
  close(): Promise<void>;
}

/** Longer than any test: what is still open then was left open. */
const LONG_MS = 600_000;

export async function startEnginePair(
  settings: Partial<Settings>,
  scripts?: ReadonlyMap<string, Scripted>,
): Promise<EnginePair> {
  const both = [
    await start({ ...settings, fastPath: true }, scripts),
    await start({ ...settings, fastPath: false }, scripts),
  ] as const;
  return {
    both,
    clear: async () => {
      for (const { engine, origin } of both) {
        await engine.clear();
        forget(origin);
      }
    },
    close: async () => {
      for (const { engine, origin } of both) {
        await engine.stop(LONG_MS);
        await engine.close();
        await origin.close();
      }
    },
  };
}

export function forget(origin: FuzzOrigin): void {
  origin.requests.length = 0;
  origin.begun.length = 0;
  origin.problems.length = 0;
}

async function start(
  settings: Partial<Settings>,
  scripts?: ReadonlyMap<string, Scripted>,
): Promise<EngineBehindOrigin> {
  const origin = await startFuzzOrigin(scripts);
  const engine = createEngine({
    settings: {
      ...DEFAULT_SETTINGS,
      maxMemoryBytes: 64 * MEBIBYTE,
      ...settings,
      origin: origin.url,
      port: 0,
      host: '127.0.0.1',
    },
    secrets: { redisPassword: null },
    version: '0.0.0-test',
    now: () => FUZZ_TIME,
  });
  await engine.start();
  await waitUntil(() => engine.status().listen.kind === 'listening');
  const { listen } = engine.status();
  return { engine, origin, port: listen.kind === 'listening' ? listen.port : 0 };
}
