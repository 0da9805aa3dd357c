/** Version of the package this program belongs to. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string() });

/** Both this file and what is built from it lie two folders below package.json. */
export function packageVersion(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  const text = readFileSync(join(folder, '..', '..', 'package.json'), 'utf8');
  return packageSchema.parse(JSON.parse(text)).version;
}
