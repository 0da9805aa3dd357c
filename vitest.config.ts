import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,scripts}/**/*.test.{ts,tsx}'],
    setupFiles: ['scripts/property-seed.mjs'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // A busy machine: what counts is that it comes.
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'electron/engine/**/*.ts'],
      exclude: ['**/*.test.ts', '**/test/**', '**/*.d.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: {
        'shared/**': { lines: 90 },
        'electron/engine/**': { lines: 90 },
      },
    },
  },
});
