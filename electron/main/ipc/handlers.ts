/** What the window may ask, area by area. The payloads are parsed and the sender is known. */
import { app, clipboard, shell, type BrowserWindow } from 'electron';
import type { AppInfo } from '../../../shared/ipc-contract';
import type { MainCommand } from '../../../shared/window-commands';
import type { LarderEngine } from '../../engine/larder-engine';
import { externalUrl } from '../external-url';
import type { SettingsKeeper } from '../settings/settings-keeper';
import { cacheHandlers } from './cache-handlers';
import { desktopHandlers } from './desktop-handlers';
import { exchangeHandlers } from './exchange-handlers';
import { insightsHandlers } from './insights-handlers';
import type { IpcHandlers } from './ipc-dispatcher';
import { profilesHandlers } from './profiles-handlers';
import { settingsHandlers } from './settings-handlers';

export interface HandlerContext {
  readonly engine: LarderEngine;
  readonly keeper: SettingsKeeper;
  readonly canStoreSecrets: () => boolean;
  readonly startNotices: () => readonly string[];
  readonly window: () => BrowserWindow | null;
  readonly dataDir: string;
  readonly run: (command: MainCommand) => void;
}

export function createHandlers(context: HandlerContext): IpcHandlers {
  const { engine } = context;
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
    ...settingsHandlers(context),
    ...profilesHandlers(context),
    ...cacheHandlers(context),
    ...exchangeHandlers(context),
    ...desktopHandlers(context),
    ...insightsHandlers(context),
    'shell.open': async ({ url }) => {
      const external = externalUrl(url, chosenServers(context));
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

/** What a person has asked for may be plain http; a link from elsewhere may not. */
function chosenServers({ engine, keeper }: HandlerContext): readonly (string | null)[] {
  const { listen } = engine.status();
  return [listen.kind === 'listening' ? listen.url : null, keeper.settings.origin];
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
