// Hits a second with Redis, with and without its near cache, beside memory; and how many connections are worth
// having. All side by side in one run, in alternating rounds, so that a noisy machine is noisy for all. Needs wrk and
// redis-server. Run: npm run build -- cli && node bench/redis.mjs [--rounds 5] [--seconds 2] [--only stores,pool,mixed]
import { realpathSync } from 'node:fs';
import { pinnedNode, runMain, runNode } from '../scripts/run.mjs';

await runMain(async () => {
  const args = process.argv.slice(2);
  // TypeScript of the tests is imported as it is, which older versions of Node do not do.
  if (realpathSync(process.execPath) !== realpathSync(pinnedNode)) return runNode('bench/redis.mjs', args);
  const { main } = await import('./hits/run.mjs');
  return main(args);
});
