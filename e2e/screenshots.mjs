// npm run screenshots: builds what is out of date and takes the pictures in docs/screenshots of the real window.
// npm run stories: the same for the pictures that e2e/stories compares with.
import '../scripts/require-node.mjs';
import { join } from 'node:path';
import { ensureBuilt } from '../scripts/ensure-built.mjs';
import { ensurePrerequisites } from '../scripts/prerequisites.mjs';
import { hasDisplay, pinnedNode, root, runForeground, runMain } from '../scripts/run.mjs';

await runMain(async () => {
  ensurePrerequisites({ electron: true, tests: true });
  const code = await ensureBuilt(['app']);
  if (code !== 0) return code;
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const config = join(root, 'e2e', 'screenshots.config.ts');
  const what = process.argv[2] === 'stories' ? ['stories', '--update-snapshots'] : ['--config', config];
  const display = hasDisplay() ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1600x1200x24'];
  const [program, ...args] = [...display, pinnedNode, playwright, 'test', ...what];
  return runForeground(program, args, { cwd: root });
});
