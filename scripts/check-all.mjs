// npm run check: everything that is checked without running the program.
import './require-node.mjs';
import { runChecks } from './check.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { runMain } from './run.mjs';

await runMain(async () => {
  ensureNpmPackages();
  return runChecks().every(Boolean) ? 0 : 1;
});
