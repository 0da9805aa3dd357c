/** What main answers in an ordinary story, channel by channel. */
import { DEFAULT_SETTINGS, type Settings } from '../../shared/settings';
import type { ProfileList } from '../../shared/profiles';
import { MISS_DETAILS, NEAREST } from './story-details';
import { BRANCHES, entries, ENTRY, pages, PRODUCT_BODY } from './story-entries';
import { shopExchanges } from './story-exchanges';
import { REPORT } from './story-insights';
import { ok, type StoryAnswers } from './story-stage';
import { APP_INFO, LISTENING } from './story-status';

export const SETTINGS: Settings = { ...DEFAULT_SETTINGS, origin: 'https://api.acme.dev' };

export const PROFILES: ProfileList = {
  active: 'default',
  profiles: [
    { id: 'default', name: 'Acme API', origin: 'https://api.acme.dev', port: 3000, store: 'memory' },
    {
      id: 'staging',
      name: 'Acme staging',
      origin: 'https://api.staging.acme.dev',
      port: 3001,
      store: 'redis',
    },
    { id: 'demo', name: 'Demo', origin: null, port: 3002, store: 'memory' },
  ],
};

export const WORKING: StoryAnswers = {
  'app.info': ok(APP_INFO),
  'engine.status': ok(LISTENING),
  'settings.get': ok(SETTINGS),
  'profiles.list': ok(PROFILES),
  'exchange.recent': ok(shopExchanges()),
  'exchange.details': ok(MISS_DETAILS),
  'exchange.body': ok(PRODUCT_BODY),
  'exchange.nearest': ok(NEAREST),
  'cache.page': ok(pages(entries(312))),
  'cache.branches': ok(BRANCHES),
  'cache.entry': ok(ENTRY),
  'cache.body': ok(PRODUCT_BODY),
  'insights.get': ok(REPORT),
  'clipboard.write': ok(null),
  'desktop.port-owner': ok({ name: 'vite', pid: 4711 }),
  'desktop.about': ok({
    version: '0.1.0',
    electron: '45.4.1',
    chrome: '150.0.7871.46',
    node: '24.21.0',
    system: 'Linux 6.8.0 (x64)',
    dataFolder: '/home/ada/.config/larder',
  }),
};
