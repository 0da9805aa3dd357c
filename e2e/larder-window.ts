/** Finds things in the window as assistive technology does: by the roles and names of the contract. */
import type { Locator, Page } from '@playwright/test';

export type Place = 'Live' | 'Cache' | 'Insights' | 'Settings';

export async function goTo(page: Page, place: Place): Promise<void> {
  await placeLink(page, place).click();
}

export const placeLink = (page: Page, place: Place): Locator =>
  page
    .getByRole('tab', { name: place, exact: true })
    .or(page.getByRole('link', { name: place, exact: true }));

export const liveLog = (page: Page): Locator => page.getByRole('grid', { name: 'Live log' });

/** Rows of the log for a path, newest first. */
export const liveRows = (page: Page, path: string): Locator =>
  liveLog(page)
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name: path, exact: true }) });

export const storedResponses = (page: Page): Locator => page.getByRole('grid', { name: 'Stored responses' });

export const storedRow = (page: Page, path: string): Locator =>
  storedResponses(page).getByRole('row').filter({ hasText: path });

export const details = (page: Page): Locator => page.getByRole('region', { name: 'Details' });

export const clearCacheButton = (page: Page): Locator =>
  page.getByRole('button', { name: 'Clear cache', exact: true });

/** The settings form by the names of the contract. */
export function settingsForm(page: Page) {
  const textbox = (name: string) => page.getByRole('textbox', { name, exact: true });
  return {
    origin: textbox('Origin'),
    ttl: page.getByRole('spinbutton', { name: 'TTL (seconds)', exact: true }),
    port: page.getByRole('spinbutton', { name: 'Port', exact: true }),
    redisHost: textbox('Redis host'),
    redisPort: textbox('Redis port'),
    redisPassword: textbox('Redis password'),
    save: page.getByRole('button', { name: 'Save settings' }),
    chooseStore: (store: 'Memory' | 'Redis') => page.getByRole('radio', { name: store }).click(),
  };
}
