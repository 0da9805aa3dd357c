/** Playwright drives the real Electron: e2e/ starts the built app itself, so there is no browser to set up. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.{test,spec}.ts',
  outputDir: 'test-results/playwright',
  timeout: 60_000,
  expect: {
    timeout: 10_000,
    // A hundredth of the picture may differ, which is what another version of a font does.
    toHaveScreenshot: { maxDiffPixelRatio: 0.01, threshold: 0.25, animations: 'disabled' },
  },
  snapshotPathTemplate: '{testDir}/stories/baselines/{arg}{ext}',
  workers: 1,
  forbidOnly: true,
  retries: 0,
});
