/** Every state that the window can be in, by place. Each is a picture in baselines/ and is looked at by axe. */
import type { Page } from '@playwright/test';
import { details, liveRows, storedResponses, storedRow } from '../larder-window';
import { PROFILES, SETTINGS, WORKING } from './story-answers';
import { body, entries, factsOf, pages } from './story-entries';
import { longExchanges, shopExchanges } from './story-exchanges';
import { EMPTY_REPORT } from './story-insights';
import { failed, ok, STORY_TIME, type Look, type Story } from './story-stage';
import { APP_INFO, DEMO, FRESH, LISTENING, PORT_TAKEN, TROUBLED } from './story-status';

const LARGE = { width: 1200, height: 780 } as const;
const SMALL = { width: 900, height: 600 } as const;
const EVERY: readonly Look[] = [
  { theme: 'light', ...LARGE },
  { theme: 'dark', ...LARGE },
  { theme: 'light', ...SMALL },
  { theme: 'dark', ...SMALL },
];
export interface NamedStory extends Story {
  readonly name: string;
  readonly looks: readonly Look[];
}

const NEWEST = '/v2/products/42?locale=de';

async function openNewest(page: Page): Promise<void> {
  await liveRows(page, NEWEST).first().click();
  await details(page).getByRole('heading', { name: 'Why' }).waitFor();
}

const LONG_HTML = `<!doctype html><title>Acme</title>${'<p onclick="alert(1)">Kaffee &amp; Tee</p>\n'.repeat(40)}`;

const live: readonly NamedStory[] = [
  { name: 'live-full', looks: EVERY, answers: WORKING },
  { name: 'live-details', looks: EVERY, answers: WORKING, prepare: openNewest },
  {
    name: 'live-first-start',
    looks: EVERY,
    answers: { ...WORKING, 'engine.status': ok(DEMO), 'exchange.recent': ok([]) },
  },
  {
    name: 'live-empty',
    looks: EVERY,
    answers: { ...WORKING, 'engine.status': ok(FRESH), 'exchange.recent': ok([]) },
  },
  {
    name: 'live-loading',
    looks: EVERY,
    answers: {
      'app.info': 'never',
      'engine.status': 'never',
      'settings.get': 'never',
      'exchange.recent': 'never',
    },
  },
  {
    name: 'live-filtered-to-nothing',
    looks: EVERY,
    answers: WORKING,
    remembered: { filter: 'path:/nowhere is:miss' },
  },
  { name: 'live-long-text', looks: EVERY, answers: { ...WORKING, 'exchange.recent': ok(longExchanges()) } },
  {
    name: 'live-ten-thousand',
    looks: EVERY,
    answers: { ...WORKING, 'exchange.recent': ok(shopExchanges(10_000)) },
  },
  {
    name: 'live-troubles',
    looks: EVERY,
    answers: {
      ...WORKING,
      'engine.status': ok(TROUBLED),
      'app.info': ok({
        ...APP_INFO,
        startNotices: ['The settings file was broken; it is kept as settings.json.bad-1779112951.'],
      }),
    },
  },
  {
    name: 'live-port-in-use',
    looks: EVERY,
    answers: { ...WORKING, 'engine.status': ok(PORT_TAKEN), 'exchange.recent': ok([]) },
  },
  {
    name: 'live-details-gone',
    looks: EVERY,
    answers: {
      ...WORKING,
      'exchange.details': ok(null),
      'exchange.body': ok(null),
      'exchange.nearest': ok(null),
    },
    prepare: async (page) => {
      await liveRows(page, NEWEST).first().click();
    },
  },
  {
    name: 'live-details-failed',
    looks: EVERY,
    answers: {
      ...WORKING,
      'exchange.details': failed('Larder did not answer; restart it if this goes on'),
      'exchange.body': failed('Larder did not answer; restart it if this goes on'),
    },
    prepare: async (page) => {
      await liveRows(page, NEWEST).first().click();
    },
  },
  {
    name: 'live-details-html',
    looks: EVERY,
    answers: { ...WORKING, 'exchange.body': ok(body(LONG_HTML, 'text/html; charset=utf-8')) },
    prepare: async (page) => {
      await openNewest(page);
      await details(page).getByText('Kaffee').first().waitFor({ state: 'attached' });
      await details(page)
        .getByRole('group', { name: 'Sections' })
        .getByRole('button', { name: 'Body' })
        .click();
    },
  },
];

const liveOverlays: readonly NamedStory[] = [
  {
    name: 'live-row-menu',
    looks: EVERY,
    answers: WORKING,
    prepare: async (page) => {
      await liveRows(page, NEWEST).first().click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'live-completion',
    looks: EVERY,
    answers: WORKING,
    prepare: async (page) => {
      await page.getByRole('searchbox').fill('is:miss status:');
      await page.getByRole('listbox').waitFor();
    },
  },
];

const showing = (place: string) => ({ remembered: { place } });

const cache: readonly NamedStory[] = [
  { name: 'cache-full', looks: EVERY, answers: WORKING, ...showing('cache') },
  {
    name: 'cache-details',
    looks: EVERY,
    answers: WORKING,
    ...showing('cache'),
    prepare: async (page) => {
      await storedRow(page, NEWEST).first().click();
      await details(page).getByRole('heading', { name: 'Response' }).waitFor();
    },
  },
  {
    name: 'cache-empty',
    looks: EVERY,
    answers: { ...WORKING, 'engine.status': ok(FRESH), 'cache.page': ok(pages([])) },
    ...showing('cache'),
  },
  {
    name: 'cache-loading',
    looks: EVERY,
    answers: { ...WORKING, 'cache.page': 'never' },
    ...showing('cache'),
  },
  {
    name: 'cache-failed',
    looks: EVERY,
    answers: {
      ...WORKING,
      'engine.status': ok(TROUBLED),
      'cache.page': failed('Redis at 127.0.0.1:6379 refused the connection'),
    },
    ...showing('cache'),
  },
  {
    name: 'cache-tree',
    looks: EVERY,
    answers: WORKING,
    ...showing('cache'),
    prepare: async (page) => {
      await page.getByRole('radio', { name: 'Tree' }).click();
    },
  },
  {
    name: 'cache-selected',
    looks: EVERY,
    answers: {
      ...WORKING,
      'cache.ids': ok({
        ...factsOf(entries(312)),
        offset: 0,
        ids: entries(4).map(({ id }) => id),
        sizes: [1, 2, 3, 4],
      }),
    },
    ...showing('cache'),
    prepare: async (page) => {
      await storedRow(page, '/v2/products?page=1').first().waitFor();
      await storedResponses(page).focus();
      await page.keyboard.press('Home');
      for (let row = 0; row < 3; row += 1) await page.keyboard.press('Shift+ArrowDown');
    },
  },
  {
    name: 'cache-cleared',
    looks: EVERY,
    answers: {
      ...WORKING,
      'engine.status': ok({
        ...FRESH,
        store: { ...FRESH.store, undo: { entries: 312, until: STORY_TIME + 10_000 } },
      }),
      'cache.clear': ok({ cleared: 312 }),
      'cache.page': ok(pages([])),
    },
    ...showing('cache'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Clear cache', exact: true }).click();
      await page.getByRole('button', { name: 'Undo' }).waitFor();
    },
  },
  {
    name: 'cache-delete-by-pattern',
    looks: EVERY,
    answers: WORKING,
    ...showing('cache'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Delete by pattern…' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('/v2/products*');
      await page.getByRole('button', { name: /^Delete 312/ }).waitFor();
    },
  },
  {
    name: 'cache-one-million',
    looks: EVERY,
    answers: {
      ...WORKING,
      'engine.status': ok({ ...LISTENING, store: { ...LISTENING.store, entries: 1_240_000 } }),
      'cache.page': ok({ ...pages(entries(5000)), total: 1_000_000, cappedAt: 1_000_000 }),
    },
    ...showing('cache'),
  },
];

const elsewhere: readonly NamedStory[] = [
  {
    name: 'insights-full',
    looks: EVERY,
    answers: WORKING,
    ...showing('insights'),
    prepare: async (page) => {
      await page.locator('canvas').first().waitFor();
    },
  },
  {
    name: 'insights-empty',
    looks: EVERY,
    answers: { ...WORKING, 'engine.status': ok(FRESH), 'insights.get': ok(EMPTY_REPORT) },
    ...showing('insights'),
  },
  {
    name: 'insights-loading',
    looks: EVERY,
    answers: { ...WORKING, 'insights.get': 'never' },
    ...showing('insights'),
  },
  {
    name: 'insights-failed',
    looks: EVERY,
    answers: { ...WORKING, 'insights.get': failed('Larder did not answer; restart it if this goes on') },
    ...showing('insights'),
  },
  { name: 'settings', looks: EVERY, answers: WORKING, ...showing('settings') },
  {
    name: 'settings-redis',
    looks: EVERY,
    answers: {
      ...WORKING,
      'settings.get': ok({ ...SETTINGS, store: 'redis', redis: { ...SETTINGS.redis, mode: 'sentinel' } }),
    },
    ...showing('settings'),
    prepare: async (page) => {
      await page.getByRole('radio', { name: 'Redis' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-wrong',
    looks: EVERY,
    answers: WORKING,
    ...showing('settings'),
    prepare: async (page) => {
      await page.getByRole('textbox', { name: 'Origin', exact: true }).fill('api.acme.dev');
      await page.getByRole('spinbutton', { name: 'Port', exact: true }).fill('99999');
      await page.getByRole('button', { name: 'Save settings' }).click();
    },
  },
  {
    name: 'profiles-open',
    looks: EVERY,
    answers: WORKING,
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Profile/ }).click();
    },
  },
  {
    name: 'profiles-long-names',
    looks: EVERY,
    answers: {
      ...WORKING,
      'profiles.list': ok({
        ...PROFILES,
        profiles: PROFILES.profiles.map((one) => ({
          ...one,
          name: `${one.name} of the whole European organisation`,
        })),
      }),
    },
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Profile/ }).click();
    },
  },
];

const MOD = process.platform === 'darwin' ? 'Meta' : 'Control';
const pressing = (keys: string) => async (page: Page) => {
  await page.keyboard.press(keys);
  await page.getByRole('dialog').waitFor();
};

const dialogs: readonly NamedStory[] = [
  { name: 'palette', looks: EVERY, answers: WORKING, prepare: pressing(`${MOD}+k`) },
  { name: 'compose', looks: EVERY, answers: WORKING, prepare: pressing(`${MOD}+n`) },
  { name: 'shortcuts', looks: EVERY, answers: WORKING, prepare: pressing(`${MOD}+/`) },
];

export const STORIES: readonly NamedStory[] = [...live, ...liveOverlays, ...cache, ...elsewhere, ...dialogs];
