/** Row C01 of hostile-input.md against the built program: what is stored for one origin is nothing to another, though
 *  both have the same paths and the same data folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { okay } from './both-ways';
import { startExactOrigin } from './exact-origin';
import { ask, askOne, getBytes } from './raw-client';
import { WAYS } from './wire';

const PROGRAM = fileURLToPath(new URL('../../../../out/cli/larder.mjs', import.meta.url));

/** What a program on this data folder answers at first, and then on a kept connection. */
async function answersOf(folder: string, fastPath: boolean, origin: string): Promise<string[]> {
  const file = join(folder, 'larder.json');
  writeFileSync(file, JSON.stringify({ origin, port: 0, persist: true, 'fast-path': fastPath }));
  const program = spawn(process.execPath, [PROGRAM, '--config', file, '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LARDER_DATA_DIR: join(folder, 'data') },
  });
  try {
    const [line] = (await Promise.race([
      once(createInterface(program.stdout), 'line'),
      once(program, 'exit').then(([code]) => Promise.reject(new Error(`${PROGRAM} ended with ${code}`))),
    ])) as [string];
    const port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
    const first = await askOne(port, getBytes('/same/path'));
    const { responses } = await ask(port, getBytes('/same/path').repeat(2), { responses: 2 });
    return [first, ...responses].map(({ status, body, field }) =>
      status === 200 ? `${field('x-cache')} ${body}` : String(status),
    );
  } finally {
    program.kill();
    if (program.exitCode === null) await once(program, 'exit');
  }
}

it.concurrent.each(WAYS)(
  'C01 same path, another origin, host, port, prefix or scheme, $way',
  async ({ fastPath }) => {
    const folder = mkdtempSync(join(tmpdir(), 'larder-origins-'));
    const [origin, other] = await Promise.all([startExactOrigin(), startExactOrigin()]);
    for (const [name, one] of Object.entries({ origin, other })) {
      one.answerOthers((socket, _head, { target }) => socket.write(okay(`${name}${target}`)));
    }
    const { port, url } = origin;
    const answers: string[][] = [];
    const bases = [
      url,
      other.url,
      `http://localhost:${port}`,
      `${url}/prefix`,
      `https://127.0.0.1:${port}`,
      url,
    ];
    for (const base of bases) {
      answers.push(await answersOf(folder, fastPath, base));
    }
    await Promise.all([origin.close(), other.close()]);
    rmSync(folder, { recursive: true });
    const stored = (body: string): string[] => [`MISS ${body}`, `HIT ${body}`, `HIT ${body}`];
    expect(answers).toEqual([
      stored('origin/same/path'),
      stored('other/same/path'),
      stored('origin/same/path'),
      stored('origin/prefix/same/path'),
      Array(3).fill('502'),
      Array(3).fill('HIT origin/same/path'),
    ]);
  },
  // Six programs one after the other.
  60_000,
);
