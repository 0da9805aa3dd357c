/** What the window may ask, channel by channel. The payloads are parsed and the sender is known. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { LarderError } from '../../../shared/error-codes';
import type { AppInfo } from '../../../shared/ipc-contract';
import type { LarderEngine, ObservedBody } from '../../engine/larder-engine';
import { probeRedis } from '../../engine/store/redis/redis-probe';
import { externalUrl } from '../external-url';
import type { SettingsKeeper } from '../settings/settings-keeper';
import { bodyFileName } from './body-file-name';
import { decodeBody, previewOf } from './body-preview';
import type { IpcHandlers } from './ipc-dispatcher';
import { sendExchange } from './send-exchange';
import { testOrigin } from './test-origin';

/** A saved body is decoded up to this size; a larger one is saved as it was sent. */
const LONGEST_DECODED = 256 * 1024 * 1024;

export interface HandlerContext {
  readonly engine: LarderEngine;
  readonly keeper: SettingsKeeper;
  readonly canStoreSecrets: () => boolean;
  readonly startNotices: () => readonly string[];
  readonly window: () => BrowserWindow | null;
}

export function createHandlers(context: HandlerContext): IpcHandlers {
  const { engine, keeper } = context;
  return {
    'app.info': () => appInfo(context),
    'engine.status': () => engine.status(),
    'engine.start': async () => {
      await engine.start();
      return engine.status();
    },
    'engine.stop': async () => {
      await engine.stop();
      return engine.status();
    },
    'settings.get': () => keeper.settings,
    'settings.save': (request) => keeper.save(request),
    'settings.test-origin': testOrigin,
    'settings.test-redis': (request) => {
      const { settings, secrets } = keeper.meant(request);
      return probeRedis(settings.redis, secrets.redisPassword);
    },
    ...cacheHandlers(context),
    ...exchangeHandlers(engine),
    'shell.open': async ({ url }) => {
      const external = externalUrl(url);
      if (external === null) return { opened: false };
      await shell.openExternal(external);
      return { opened: true };
    },
    'clipboard.write': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
  };
}

type CacheChannel = Extract<keyof IpcHandlers, `cache.${string}`>;
type ExchangeChannel = Extract<keyof IpcHandlers, `exchange.${string}`>;

function cacheHandlers(context: HandlerContext): Pick<IpcHandlers, CacheChannel> {
  const { engine } = context;
  return {
    'cache.clear': () => engine.clear(),
    'cache.list': ({ q, cursor, limit }) =>
      engine.entries({
        ...(q === undefined ? {} : { q }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit }),
      }),
    'cache.entry': ({ id }) => engine.entry(id),
    'cache.body': async ({ id }) => previewOrNull(await engine.entryBody(id)),
    'cache.save-body': ({ id }) => saveBody(context, id),
    'cache.delete': ({ ids }) => engine.deleteEntries(ids),
  };
}

function exchangeHandlers(engine: LarderEngine): Pick<IpcHandlers, ExchangeChannel> {
  return {
    'exchange.recent': () => engine.recentExchanges(),
    'exchange.details': ({ id }) => engine.exchangeDetails(id),
    'exchange.body': async ({ id }) => previewOrNull(await engine.exchangeBody(id)),
    'exchange.send': ({ target }) => {
      const { listen } = engine.status();
      if (listen.kind !== 'listening') {
        throw new LarderError('not_running', 'The proxy is not running; start it to send a request');
      }
      return sendExchange(listen.url, target);
    },
  };
}

function appInfo({ keeper, canStoreSecrets, startNotices }: HandlerContext): AppInfo {
  return {
    version: app.getVersion(),
    platform: process.platform,
    electron: process.versions['electron'] ?? '',
    headless: false,
    canStoreSecrets: canStoreSecrets(),
    hasRedisPassword: keeper.hasRedisPassword,
    startNotices: startNotices(),
    overridden: keeper.overridden,
  };
}

async function previewOrNull(body: ObservedBody | null) {
  return body === null ? null : previewOf(body);
}

async function saveBody({ engine, window }: HandlerContext, id: string): Promise<{ saved: boolean }> {
  const [entry, body] = await Promise.all([engine.entry(id), engine.entryBody(id)]);
  if (entry === null || body === null) {
    throw new LarderError('not_found', 'The response is no longer stored; there is nothing to save');
  }
  const file = await chooseFile(window(), bodyFileName(entry.url, entry.contentType));
  if (file === null) return { saved: false };
  const decoded = await decodeBody(body.bytes, body.contentEncoding, LONGEST_DECODED);
  const whole = decoded !== null && !decoded.truncated ? decoded.bytes : body.bytes;
  try {
    await writeFile(file, whole);
  } catch (cause) {
    throw new LarderError('settings_unwritable', `The body cannot be saved to ${file}`, { cause });
  }
  return { saved: true };
}

async function chooseFile(window: BrowserWindow | null, name: string): Promise<string | null> {
  const options = { title: 'Save body', defaultPath: path.join(app.getPath('downloads'), name) };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === undefined || filePath === '' ? null : filePath;
}
