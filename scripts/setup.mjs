// npm run setup: installs everything that npm start and npm test need.
import './require-node.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { runMain } from './run.mjs';

await runMain(async () => ensurePrerequisites({ electron: true, tests: true }));
