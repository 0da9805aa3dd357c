/**
 * Every IPC channel, once. The handler map in main and the API in preload are
 * derived from this, area by area in ipc/; requests are parsed in main before a handler sees them.
 */
import { z } from 'zod';
import type { EngineStatus } from './engine-status';
import type { ErrorReport } from './error-codes';
import type { ExchangeSummary } from './exchange-summary';
import { PREVIEW_BYTES } from './ipc/body-preview';
import { CACHE_REQUESTS, type CacheResponses } from './ipc/cache-channels';
import { DESKTOP_REQUESTS, type DesktopResponses } from './ipc/desktop-channels';
import { EXCHANGE_REQUESTS, type ExchangeResponses } from './ipc/exchange-channels';
import { INSIGHTS_REQUESTS, type InsightsResponses } from './ipc/insights-channels';
import { PROFILES_REQUESTS, type ProfilesResponses } from './ipc/profiles-channels';
import { SETTINGS_REQUESTS, type SettingsResponses } from './ipc/settings-channels';
import type { ProfileList } from './profiles';
import type { Settings } from './settings';
import type { WindowCommand } from './window-commands';

export type IpcResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorReport };

export interface AppInfo {
  readonly version: string;
  readonly platform: string;
  readonly electron: string;
  readonly headless: boolean;
  /** Secrets can be kept in the system's keychain. */
  readonly canStoreSecrets: boolean;
  readonly hasRedisPassword: boolean;
  /** What went wrong at start, such as a broken settings file, for the person to read. */
  readonly startNotices: readonly string[];
  /** Settings given by flag, variable or project file: they win over what is saved here. */
  readonly overridden: Readonly<Record<string, string>>;
}

/** Request schemas of the channels that the renderer may invoke. */
export const IPC_REQUESTS = {
  'app.info': z.undefined(),
  'engine.status': z.undefined(),
  'engine.start': z.undefined(),
  'engine.stop': z.undefined(),
  ...SETTINGS_REQUESTS,
  ...PROFILES_REQUESTS,
  ...CACHE_REQUESTS,
  ...EXCHANGE_REQUESTS,
  ...INSIGHTS_REQUESTS,
  ...DESKTOP_REQUESTS,
  'shell.open': z.strictObject({ url: z.string().max(8192) }),
  'clipboard.write': z.strictObject({ text: z.string().max(PREVIEW_BYTES) }),
} as const satisfies Record<string, z.ZodType>;

export type IpcChannel = keyof typeof IPC_REQUESTS;
export type IpcRequest<C extends IpcChannel> = z.infer<(typeof IPC_REQUESTS)[C]>;

/** What each channel answers. */
export interface IpcResponses
  extends
    SettingsResponses,
    ProfilesResponses,
    CacheResponses,
    ExchangeResponses,
    InsightsResponses,
    DesktopResponses {
  'app.info': AppInfo;
  'engine.status': EngineStatus;
  'engine.start': EngineStatus;
  'engine.stop': EngineStatus;
  'shell.open': { readonly opened: boolean };
  'clipboard.write': null;
}

/** Pushed by main, at most once a frame. */
export interface IpcEvents {
  'events.exchanges': {
    readonly exchanges: readonly ExchangeSummary[];
    /** Exchanges left out since the last batch because the window could not keep up. */
    readonly dropped: number;
  };
  'events.status': EngineStatus;
  'events.settings': Settings;
  'events.profiles': ProfileList;
  /** A menu item or shortcut of the application menu. */
  'events.command': { readonly command: WindowCommand };
  /** The window's zoom was changed, to be shown briefly. */
  'events.zoom': { readonly percent: number };
}

export type IpcEventName = keyof IpcEvents;

/** What preload exposes as `window.larder`. */
export interface LarderApi {
  invoke<C extends IpcChannel>(channel: C, request: IpcRequest<C>): Promise<IpcResult<IpcResponses[C]>>;
  /** Returns the function that stops listening. */
  on<E extends IpcEventName>(event: E, listener: (payload: IpcEvents[E]) => void): () => void;
}
