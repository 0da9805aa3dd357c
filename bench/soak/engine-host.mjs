// A process with nothing but an engine in it: its parent starts it with the folder of the bundle, tells it changes of
// settings and hears whether they were applied, and on which port it listens.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder = ''] = process.argv.slice(2);
const load = (/** @type {string} */ name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
const { createEngine } = await load('engine');
const { DEFAULT_SETTINGS } = await load('settings');
const secrets = { redisPassword: null };
/** @type {any} */
let engine = null;

process.on('message', (/** @type {{ id: number, changes: object }} */ { id, changes }) => {
  apply(changes).then(
    () => answer({ id, error: null }),
    (error) => answer({ id, error: String(error.message) }),
  );
});
process.on('disconnect', () => process.exit(0));

/** @param {object} changes */
async function apply(changes) {
  if (engine !== null) return engine.apply({ ...engine.settings, ...changes }, secrets);
  engine = createEngine({ settings: { ...DEFAULT_SETTINGS, ...changes }, secrets, version: 'soak' });
  return engine.start();
}

/** @param {{ id: number, error: string | null }} outcome */
function answer(outcome) {
  const { listen } = engine.status();
  process.send?.({ ...outcome, url: listen.kind === 'listening' ? `http://127.0.0.1:${listen.port}` : null });
}
