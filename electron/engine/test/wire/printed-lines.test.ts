/** Rows L08 and L09: what others send reaches the terminal as text, and secrets reach nothing that is kept or shown. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes } from '../raw-origin';
import { startEvil, startExactOrigin, type ExactOrigin } from './exact-origin';
import { ask, getBytes } from './raw-client';
import { WAYS } from './wire';

const PROGRAM = fileURLToPath(new URL('../../../../out/cli/larder.mjs', import.meta.url));
const PATIENCE = { timeout: 15_000, interval: 20 };
const FORMS = [
  { form: 'text', flags: [] },
  { form: 'JSON', flags: ['--json'] },
] as const;
const ALL = WAYS.flatMap((way) => FORMS.map((form) => ({ ...way, ...form })));

/** What a terminal would act upon: controls but the end of a line, and what turns the direction of writing. */
const ACTED_UPON = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

interface Printing {
  readonly port: number;
  readonly pid: number;
  printed(): string;
  stop(): Promise<string>;
}

let origin: ExactOrigin;
let folder: string;
let child: ChildProcessWithoutNullStreams;

beforeEach(async () => {
  origin = await startExactOrigin();
  folder = mkdtempSync(join(tmpdir(), 'larder-printed-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await origin.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  fastPath: boolean,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Printing> {
  const file = join(folder, 'larder.json');
  writeFileSync(file, JSON.stringify({ origin: origin.url, port: 0, 'fast-path': fastPath }));
  child = spawn(process.execPath, [PROGRAM, '--config', file, ...flags], {
    cwd: folder,
    env: { PATH: process.env['PATH'], LARDER_DATA_DIR: join(folder, 'data'), ...env },
  });
  let text = '';
  const add = (some: string): void => void (text += some);
  child.stdout.setEncoding('utf8').on('data', add);
  child.stderr.setEncoding('utf8').on('data', add);
  const port = await vi.waitFor(() => Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? raise(text)), PATIENCE);
  return {
    port,
    pid: child.pid ?? 0,
    printed: () => text,
    stop: async () => {
      const closed = once(child, 'close');
      child.kill();
      await closed;
      return text;
    },
  };
}

function raise(text: string): never {
  throw new Error(`not printed yet: ${text}`);
}

/** Bytes that move a cursor, set a title, end a line, or turn what follows around. */
const ESCAPES = '\x1b[2J\x1b]0;title\x07\x9b31m\x85\x8d\xe2\x80\xae';

describe.each(ALL)('$form, $way', ({ form, way, fastPath, flags }) => {
  it(`L08 escapes of a client and of an origin are printed as text, ${form}, ${way}`, async () => {
    const c1 = '\x9b31m\x85\x9d0;title\x9c';
    origin.answer(
      '/answered',
      bytes(
        `HTTP/1.1 200 ${c1}\r\nContent-Type: text/${c1}\r\nX-Note: ${c1}\r\nContent-Length: 1\r\n\r\nx`,
        'keep',
      ),
    );
    origin.answer('/broken', bytes(`HTTP/1.1 200 ${ESCAPES}\r\nX: \x1b[31m\r\n\r\n`, 'end'));
    origin.answer('/garbage', bytes(`${ESCAPES}\r\n${ESCAPES}`, 'end'));
    const larder = await start(fastPath, flags);
    const host = `Host: 127.0.0.1:${larder.port}`;
    const encoded = encodeURIComponent(ESCAPES);
    const close = 'Connection: close';
    for (const head of [
      `GET /answered HTTP/1.1\r\n${host}\r\nUser-Agent: ${c1}`,
      `GET /answered HTTP/1.1\r\n${host}`,
      `GET /broken HTTP/1.1\r\n${host}`,
      `GET /garbage HTTP/1.1\r\n${host}`,
      `GET /${encoded}%0d%0aMISS%20%20200 HTTP/1.1\r\n${host}`,
      `GET /${ESCAPES} HTTP/1.1\r\n${host}`,
      `GET /${c1} HTTP/1.1\r\n${host}`,
      `G\x1bET / HTTP/1.1\r\n${host}`,
      `GET / HTTP/1.1\r\nHost: ${c1}`,
      `GET / HTTP/1.1\r\n${host}\r\nExpect: ${c1}`,
      `GET / HTTP/1.1\r\n${host}\r\nTransfer-Encoding: ${c1}`,
      `GET / HTTP/1.1\r\n${host}\r\nConnection: ${c1}`,
      `POST /cache/clear HTTP/1.1\r\n${host}\r\nOrigin: ${c1}`,
      `GET /.larder/entries?limit=${encoded} HTTP/1.1\r\n${host}`,
      `PURGE /${encodeURIComponent('\u202egnp')} HTTP/1.1\r\n${host}`,
    ]) {
      await ask(larder.port, `${head}\r\n${close}\r\n\r\n`);
    }
    await ask(larder.port, getBytes('/last', close));
    await vi.waitFor(() => larder.printed().includes('/last') || raise(larder.printed()), PATIENCE);
    const printed = await larder.stop();
    expect(printed).not.toMatch(ACTED_UPON);
    expect(printed).toContain('/answered');
    const lines = printed.split('\n').filter((line) => line !== '');
    // No line of theirs: all are ours, from their first character on.
    if (form === 'JSON')
      for (const line of lines.filter((one) => !one.startsWith('larder: '))) JSON.parse(line);
    else for (const line of lines) expect(line).toMatch(/^(?:larder: |\d\d:\d\d:\d\d\.\d{3} {2}[A-Z]+ +)/);
  });

  it.each(['memory', 'redis'])(
    `L09 a canary in each secret: printed and kept nowhere, ${form}, %s, ${way}`,
    async (store) => {
      const canary = 'CANARY5up3rS3cret';
      // It takes the connection and says nothing.
      const redis = await startEvil();
      const larder = await start(fastPath, [...flags, '--store', store], {
        REDIS_URL: `redis://:${canary}@127.0.0.1:${redis.port}`,
        REDIS_PASSWORD: canary,
        PROXY_EXPIRY: '60',
      });
      const close = 'Connection: close';
      const secret = [`Authorization: Bearer ${canary}`, `Cookie: session=${canary}`, `X-Api-Key: ${canary}`];
      for (const target of [`/me?token=${canary}&page=1`, `/me?page=2&api_key=${canary}`]) {
        await ask(larder.port, getBytes(target, close));
        await ask(larder.port, getBytes(target, close));
        await ask(larder.port, getBytes(target, ...secret, close));
      }
      const status = await ask(larder.port, getBytes('/.larder/status', close));
      expect(status.received).not.toContain(canary);
      await ask(larder.port, getBytes('/last', close));
      await vi.waitFor(() => larder.printed().includes('/last') || raise(larder.printed()), PATIENCE);
      if (process.platform === 'linux')
        expect(readFileSync(`/proc/${larder.pid}/cmdline`, 'utf8')).not.toContain(canary);
      const printed = await larder.stop();
      expect(printed).toContain('/me?token=***&page=1');
      expect(printed).not.toContain(canary);
      for (const file of filesBelow(folder)) expect(readFileSync(file, 'latin1')).not.toContain(canary);
      // The origin was asked for what the client asked.
      expect(origin.received()).toContain(`/me?token=${canary}&page=1`);
      await redis.close();
    },
  );
});

function filesBelow(start: string): string[] {
  return readdirSync(start, { recursive: true, encoding: 'utf8' })
    .map((name) => join(start, name))
    .filter((file) => statSync(file).isFile());
}
