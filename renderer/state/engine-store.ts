/** What main says about the engine, the settings and the app: shown, never computed. */
import { createStore } from 'zustand/vanilla';
import type { EngineStatus } from '../../shared/engine-status';
import type { AppInfo } from '../../shared/ipc-contract';
import type { Settings } from '../../shared/settings';

export interface EngineState {
  /** Null until main has answered. */
  readonly status: EngineStatus | null;
  readonly settings: Settings | null;
  readonly info: AppInfo | null;
}

export const engineStore = createStore<EngineState>(() => ({ status: null, settings: null, info: null }));
