// npm run package [-- --dir]: builds the app and packages it for this platform; with --dir as a folder only.
// Installers are built only with the official Electron.
import './require-node.mjs';
import { join } from 'node:path';
import { electronRuntime } from './electron-runtime.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { root, runMain, runNode, SetupError } from './run.mjs';

await runMain(async () => {
  const folderOnly = process.argv.includes('--dir');
  ensurePrerequisites({ electron: true, tests: false });
  if (!folderOnly && !electronRuntime().official) {
    throw new SetupError(
      'installers need the official Electron, which is not here; --dir packages for a test',
    );
  }
  const code = await ensureBuilt(['app']);
  if (code !== 0) return code;
  if (!folderOnly)
    return runNode('node_modules/electron-builder/cli.js', ['--publish', 'never'], { cwd: root });
  return runNode('scripts/package-folder.mjs', [join(root, 'dist')]);
});
