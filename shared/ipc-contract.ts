/**
 * Every IPC channel, once. The handler map in main and the API in preload are
 * derived from this; requests are parsed in main before a handler sees them.
 */
import { z } from 'zod';
import type { EngineStatus } from './engine-status';
import type { ErrorReport } from './error-codes';
import type { ExchangeDetails, ExchangeSummary } from './exchange-summary';
import type { SettingProblem, Settings } from './settings';
import { settingsSchema } from './settings';
import type { ClearResult, EntryPage, StoredEntryDetails } from './stored-entry';

export type IpcResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorReport };

/** A body for the window: at most `PREVIEW_BYTES` of it. */
export interface BodyPreview {
  readonly contentType: string | null;
  /** As on the wire; the bytes here are decoded where that was safe. */
  readonly contentEncoding: string | null;
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  readonly truncated: boolean;
}

/** Longest preview handed to the window, decoded. */
export const PREVIEW_BYTES = 1024 * 1024;

export type SaveSettingsResult =
  | { readonly kind: 'saved'; readonly settings: Settings; readonly notice: string | null }
  | { readonly kind: 'invalid'; readonly problems: readonly SettingProblem[] }
  /** The port is taken: the old listener goes on. */
  | { readonly kind: 'port-in-use'; readonly message: string; readonly freePort: number | null };

export interface OriginTest {
  readonly ok: boolean;
  /** `Answered 200 in 84 ms (HTTP/1.1, TLS 1.3)` or why not. */
  readonly message: string;
}

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

const id = z.string().regex(/^[\w-]{1,128}$/);
const noRequest = z.undefined();

/** `redisPassword`: a string sets it, null removes it, undefined leaves it. */
const saveSettings = z.strictObject({
  settings: settingsSchema,
  redisPassword: z.string().max(1024).nullable().optional(),
});

/** Request schemas of the channels that the renderer may invoke. */
export const IPC_REQUESTS = {
  'app.info': noRequest,
  'engine.status': noRequest,
  'engine.start': noRequest,
  'engine.stop': noRequest,
  'settings.get': noRequest,
  'settings.save': saveSettings,
  'settings.test-origin': z.strictObject({ origin: z.string().max(2048), acceptSelfSigned: z.boolean() }),
  'settings.test-redis': saveSettings,
  'cache.clear': noRequest,
  'cache.list': z.strictObject({
    q: z.string().max(1024).optional(),
    cursor: z.string().max(1024).optional(),
    limit: z.number().int().min(1).max(1000).optional(),
  }),
  'cache.entry': z.strictObject({ id }),
  'cache.body': z.strictObject({ id }),
  'cache.save-body': z.strictObject({ id }),
  'cache.delete': z.strictObject({ ids: z.array(id).min(1).max(10_000) }),
  'exchange.recent': noRequest,
  'exchange.details': z.strictObject({ id: z.number().int().min(0) }),
  'exchange.body': z.strictObject({ id: z.number().int().min(0) }),
  /** A GET through the proxy, for trying things out: path at the current origin. */
  'exchange.send': z.strictObject({ target: z.string().startsWith('/').max(8192) }),
  'shell.open': z.strictObject({ url: z.string().max(8192) }),
  'clipboard.write': z.strictObject({ text: z.string().max(4 * 1024 * 1024) }),
} as const satisfies Record<string, z.ZodType>;

export type IpcChannel = keyof typeof IPC_REQUESTS;
export type IpcRequest<C extends IpcChannel> = z.infer<(typeof IPC_REQUESTS)[C]>;

/** What each channel answers. */
export interface IpcResponses {
  'app.info': AppInfo;
  'engine.status': EngineStatus;
  'engine.start': EngineStatus;
  'engine.stop': EngineStatus;
  'settings.get': Settings;
  'settings.save': SaveSettingsResult;
  'settings.test-origin': OriginTest;
  'settings.test-redis': OriginTest;
  'cache.clear': ClearResult;
  'cache.list': EntryPage;
  'cache.entry': StoredEntryDetails | null;
  'cache.body': BodyPreview | null;
  'cache.save-body': { readonly saved: boolean };
  'cache.delete': ClearResult;
  /** The newest exchanges, oldest first: what a window that opens late has missed. */
  'exchange.recent': readonly ExchangeSummary[];
  /** Null: no longer kept. */
  'exchange.details': ExchangeDetails | null;
  'exchange.body': BodyPreview | null;
  'exchange.send': { readonly status: number };
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
  /** A menu item or shortcut of the application menu. */
  'events.command': { readonly command: WindowCommand };
}

export const WINDOW_COMMANDS = [
  'show-live',
  'show-cache',
  'show-insights',
  'show-settings',
  'focus-filter',
  'clear-log',
  'clear-cache',
] as const;
export type WindowCommand = (typeof WINDOW_COMMANDS)[number];
export type IpcEventName = keyof IpcEvents;

/** What preload exposes as `window.larder`. */
export interface LarderApi {
  invoke<C extends IpcChannel>(channel: C, request: IpcRequest<C>): Promise<IpcResult<IpcResponses[C]>>;
  /** Returns the function that stops listening. */
  on<E extends IpcEventName>(event: E, listener: (payload: IpcEvents[E]) => void): () => void;
}
