// The engine alone in one file that Node can run, for what the command line has no way to ask for: a change of settings.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTRIES = {
  engine: '../../electron/engine/create-engine.ts',
  settings: '../../shared/settings.ts',
};

/** @returns {Promise<{ folder: string, dispose: () => void }>} with `engine.mjs` and `settings.mjs` */
export async function bundleEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'larder-soak-engine-'));
  const { build } = await import('vite');
  const input = Object.fromEntries(
    Object.entries(ENTRIES).map(([name, path]) => [name, fileURLToPath(new URL(path, import.meta.url))]),
  );
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        input,
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
