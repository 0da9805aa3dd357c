// What a Redis that fails does to those who ask through Larder: R01 to R09, with figures and a verdict for each.
// Run: npm run build -- cli && node bench/faults.mjs [--only R01,R04] [--seconds 60] [--report FILE]
import { realpathSync } from 'node:fs';
import { pinnedNode, runMain, runNode } from '../scripts/run.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // TypeScript of the tests is imported as it is, which older versions of Node do not do.
  if (realpathSync(process.execPath) !== realpathSync(pinnedNode)) return runNode('bench/faults.mjs', args);
  const { main } = await import('./faults/run.mjs');
  return main(args);
});
