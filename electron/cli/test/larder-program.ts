/** Starts the built command line program as people do, and waits for what it prints. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = join(PROJECT, 'out', 'cli', 'larder.mjs');

export interface Launch {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: the program in `out/`. */
  readonly program?: string;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const children = new Set<ChildProcessWithoutNullStreams>();
const folders: string[] = [];

afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  children.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'larder-cli-'));
  folders.push(folder);
  return folder;
}

/** Nothing of the machine's own settings and proxies gets in. */
function environment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMPDIR'];
  const base = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  return { ...base, LARDER_DATA_DIR: temporaryFolder(), ...own };
}

/** A running program: what it printed so far, and promises of what it will. */
export class LarderProgram {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
  stdout = '';
  stderr = '';
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], { env, cwd, program = PROGRAM }: Launch = {}) {
    if (!existsSync(program))
      throw new Error(`${program} is missing: npm run build makes it, npm test does so by itself`);
    this.child = spawn(process.execPath, [program, ...args], {
      cwd: cwd ?? temporaryFolder(),
      env: environment(env),
    });
    children.add(this.child);
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.#printed({ stdout: text }));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.#printed({ stderr: text }));
    this.finished = once(this.child, 'close').then(([code, signal]) => {
      this.#printed({});
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.stdout,
        stderr: this.stderr,
      };
    });
  }

  #printed({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }): void {
    this.stdout += stdout;
    this.stderr += stderr;
    for (const watcher of this.#watchers) watcher();
  }

  /** Resolves as soon as `pattern` was printed; fails when the program ends before. */
  printed(pattern: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const watcher = (): void => {
        const match = pattern.exec(this[where]);
        if (match !== null) resolve(match);
        else if (!this.child.stdout.readableEnded) return;
        else reject(new Error(`ended without ${String(pattern)}: ${this.stdout}${this.stderr}`));
        this.#watchers.delete(watcher);
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }

  /** The URL of the ready line. */
  async ready(): Promise<string> {
    const match = await this.printed(/^larder: listening on (http:\/\/\S+) -> /m);
    return match[1] ?? '';
  }

  hasEnded(): boolean {
    return this.child.exitCode !== null;
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.child.kill(signal);
    return this.finished;
  }
}

/** Runs the program to its end. */
export function runLarder(args: readonly string[], launch: Launch = {}): Promise<Finished> {
  return new LarderProgram(args, launch).finished;
}
