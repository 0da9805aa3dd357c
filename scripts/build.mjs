// npm run build [-- app|cli]: builds what is out of date.
import './require-node.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { runMain } from './run.mjs';

await runMain(() => {
  const named = process.argv.slice(2).filter((name) => name === 'app' || name === 'cli');
  ensureNpmPackages();
  return ensureBuilt(named.length > 0 ? named : ['app', 'cli']);
});
