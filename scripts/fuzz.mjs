// npm run fuzz [-- FLAGS]: inputs of chance against two engines for as long as one likes.
import './require-node.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { runMain, runNode } from './run.mjs';
import { HELP, parseOptions } from './fuzz/options.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  if (parseOptions(args).help) {
    process.stdout.write(HELP);
    return 0;
  }
  ensurePrerequisites({ electron: false, tests: false, redis: false });
  return runNode('scripts/fuzz/run.mjs', args);
});
