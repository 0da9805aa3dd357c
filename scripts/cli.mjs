// npm run cli -- FLAGS: the command line alone, installed and built when needed.
import './require-node.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { runMain, runNode } from './run.mjs';

await runMain(async () => {
  ensurePrerequisites({ electron: false, tests: false });
  return (await ensureBuilt(['cli'])) || runNode('out/cli/larder.mjs', process.argv.slice(2));
});
