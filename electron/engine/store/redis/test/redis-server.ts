/** A real redis-server for tests: on a port of its own, in a folder of its own, without persistence. */
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface RedisServer {
  readonly port: number;
  /** Removed with it. */
  readonly folder: string;
  /** Does nothing where it runs. */
  start(): Promise<void>;
  /** Killed at once, as in a crash. */
  stop(): Promise<void>;
  /** Stopped by a signal: connections stay, answers stay out. */
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
  /** Stops it and removes its folder. */
  dispose(): Promise<void>;
}

type Process = ChildProcessByStdio<null, Readable, null>;

/** Null where it is installed; otherwise why the tests that need it are skipped. */
export function redisServerMissing(): string | null {
  const { error } = spawnSync('redis-server', ['--version']);
  return error === undefined
    ? null
    : 'redis-server is not installed (Debian, Ubuntu: apt-get install redis-server)';
}

/** More options, such as `--requirepass`; later ones win. */
export type RedisServerArgs = readonly string[] | ((port: number, folder: string) => readonly string[]);

/** Started and ready. */
export async function startRedisServer(args: RedisServerArgs = []): Promise<RedisServer> {
  const server = await prepareRedisServer(args);
  await server.start();
  return server;
}

/** With a port, but not started. */
export async function prepareRedisServer(
  args: RedisServerArgs = [],
  getPort: () => Promise<number> = freePort,
): Promise<RedisServer> {
  const port = await getPort();
  const folder = await mkdtemp(join(tmpdir(), 'larder-redis-'));
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    ...(typeof args === 'function' ? args(port, folder) : args),
  ];
  return serverOf(options, port, folder);
}

/** Processes of one command line, one after another. `saysReady`: part of a line of its output. */
export function serverOf(
  options: readonly string[],
  port: number,
  folder: string,
  saysReady = 'Ready to accept connections',
): RedisServer {
  let running: Process | null = null;

  const start = async () => {
    running ??= await launch(options, saysReady);
  };
  const stop = async () => {
    const child = running;
    running = null;
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port,
    folder,
    start,
    stop,
    pause: () => running?.kill('SIGSTOP'),
    resume: () => running?.kill('SIGCONT'),
    restart: async () => {
      await stop();
      await start();
    },
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(args: readonly string[], saysReady: string): Promise<Process> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.includes(saysReady)) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`redis-server did not start:\n${said.join('\n')}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
