// The command line on the Node that Electron has inside, so that main process and command line are compared on one
// Node. Its bundle is made for that: whole, and for the oldest Node that the app may meet.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronExecutable } from '../../scripts/electron-runtime.mjs';
import { root } from '../../scripts/run.mjs';
import { startLarder } from './larder.mjs';
import { temporaryFolder } from './process.mjs';

/** @type {import('./contender.mjs').Contender} */
export const larderOnElectronNode = {
  id: 'larder-electron-node',
  name: "Larder's command line on Electron's Node",
  missing: () => {
    try {
      electronExecutable();
      return null;
    } catch (error) {
      return String(error instanceof Error ? error.message : error);
    }
  },
  start: async (originPort) => {
    const folder = temporaryFolder();
    try {
      await bundleInto(folder.path);
      const running = await startLarder('larder-electron-node', originPort, {
        program: join(folder.path, 'out/cli/larder.mjs'),
        node: {
          command: electronExecutable(),
          args: ['--require', join(root, 'scripts/electron-shims.cjs')],
          env: { ELECTRON_RUN_AS_NODE: '1' },
        },
      });
      return {
        ...running,
        stop: async () => {
          await running.stop();
          folder.remove();
        },
      };
    } catch (error) {
      folder.remove();
      throw error;
    }
  },
};

/** As deep in the folder as the program lies in the project: it reads its version from there.
 *  @param {string} folder */
async function bundleInto(folder) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'electron/cli/larder.ts',
      outDir: join(folder, 'out/cli'),
      emptyOutDir: true,
      target: 'node18',
      minify: false,
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'larder.mjs' } },
    },
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '0.0.0', type: 'module' }));
}
