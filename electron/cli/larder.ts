/** Entry of the command line program `larder`, on plain Node. */
import { createEngine } from '../engine/create-engine';
import { packageVersion } from './package-version';
import { run } from './run';

const exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  streams: process,
  version: packageVersion(),
  createEngine,
  end: (code) => process.exit(code),
});

// Everything is closed and printed; what a reader of stdout still holds must not keep the process.
process.exit(exitCode);
