// Larder beside its peers: hits, misses, many keys, few and many connections, in Electron. Interleaved rounds on one
// machine, a table with medians and spread, and a verdict on what is to be reached. Needs wrk; what else is not
// installed is named and left out. Run: npm run bench [-- --help]
import { realpathSync } from 'node:fs';
import { pinnedNode, runMain, runNode } from '../scripts/run.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // TypeScript of the tests is imported as it is, which older versions of Node do not do.
  if (realpathSync(process.execPath) !== realpathSync(pinnedNode)) return runNode('bench/run.mjs', args);
  const { main } = await import('./results/main.mjs');
  return main(args);
});
