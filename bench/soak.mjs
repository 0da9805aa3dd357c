// What goes wrong around Larder while it serves: an origin, a disk, a clock, clients and settings, each for a while
// under load, without Redis (bench/faults.mjs has that). Figures and a verdict for each row of the list of faults.
// Run: npm run soak [-- --minutes 10] [--only O01,M02] [--report FILE]
import { realpathSync } from 'node:fs';
import { pinnedNode, runMain, runNode } from '../scripts/run.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // TypeScript of the tests is imported as it is, which older versions of Node do not do.
  if (realpathSync(process.execPath) !== realpathSync(pinnedNode)) return runNode('bench/soak.mjs', args);
  const { main } = await import('./soak/run.mjs');
  return main(args);
});
