/** What the window may ask about the settings. */
import type { SettingsResponses } from '../../../shared/ipc/settings-channels';
import { exportSettings, readImport } from '../settings/settings-transfer';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';
import { testOrigin } from './test-origin';

export function settingsHandlers({
  keeper,
  window,
}: HandlerContext): Pick<IpcHandlers, keyof SettingsResponses> {
  return {
    'settings.get': () => keeper.settings,
    'settings.save': (request) => keeper.save(request),
    'settings.test-origin': testOrigin,
    'settings.test-redis': async (request) => {
      const { settings, secrets } = keeper.meant(request);
      const { probeRedis } = await import('../../engine/store/redis/redis-probe');
      return probeRedis(settings.redis, secrets.redisPassword);
    },
    'settings.export': () => exportSettings(keeper.settings, window()),
    'settings.read-import': () => readImport(keeper.settings, window()),
  };
}
