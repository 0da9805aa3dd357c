// npm run conformance [-- FLAGS]: runs the public suite for HTTP caches against the built command line.
import './require-node.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { runMain, runNode } from './run.mjs';
import { HELP, parseOptions } from './conformance/options.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  const { store, help } = parseOptions(args);
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  ensurePrerequisites({ electron: false, tests: false, redis: store === 'redis' });
  return (await ensureBuilt(['cli'])) || runNode('scripts/conformance/run.mjs', args);
});
