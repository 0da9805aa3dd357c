// Set-up of vitest: property tests run the same cases every time. LARDER_TEST_SEED=N runs others; a failure that it
// finds is repeated with the same N.
import { env } from 'node:process';
import fc from 'fast-check';

const DEFAULT_SEED = 9111;

fc.configureGlobal({ seed: Number(env['LARDER_TEST_SEED'] ?? DEFAULT_SEED) });
