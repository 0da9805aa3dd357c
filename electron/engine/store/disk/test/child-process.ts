/** Starts disk-child.ts as a process: bundled first, since plain Node finds no imports without an extension. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface DiskProcess {
  /** The next message; null once the process has ended. */
  next(): Promise<unknown>;
  begin(folder: string, seed: number | null): void;
  /** SIGKILL; until it is gone. */
  kill(): Promise<void>;
}

export interface DiskProgram {
  start(): Promise<DiskProcess>;
  dispose(): Promise<void>;
}

export async function diskProgram(): Promise<DiskProgram> {
  const outDir = await mkdtemp(join(tmpdir(), 'larder-disk-child-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('disk-child.ts', import.meta.url)),
      outDir,
      emptyOutDir: false,
      target: 'node22',
      rollupOptions: { output: { format: 'esm', entryFileNames: 'child.mjs' } },
    },
  });
  const running = new Set<DiskProcess>();
  const start = async () => {
    const started = await startedFrom(join(outDir, 'child.mjs'));
    running.add(started);
    return started;
  };
  const dispose = async () => {
    for (const each of running) await each.kill();
    await rm(outDir, { recursive: true, force: true });
  };
  return { start, dispose };
}

async function startedFrom(program: string): Promise<DiskProcess> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const messages: unknown[] = [];
  let wake: () => void = () => undefined;
  const exit = new AbortController();
  child.on('message', (message) => {
    messages.push(message);
    wake();
  });
  child.once('exit', () => {
    exit.abort();
    wake();
  });
  const next = async (): Promise<unknown> => {
    while (messages.length === 0 && !exit.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.length > 0 ? messages.shift() : null;
  };
  await next();
  return {
    next,
    begin: (folder, seed) => child.send({ folder, seed }),
    kill: () => killed(child),
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
