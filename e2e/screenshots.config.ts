/** For `npm run screenshots`: pictures of the real window for the documents; no tests. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: 'take-screenshots.ts',
  outputDir: '../test-results/screenshots',
  timeout: 60_000,
  workers: 1,
});
