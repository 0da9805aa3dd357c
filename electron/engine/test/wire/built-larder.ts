/** The built command line program as a black box: started with a project file, asked only over its port and its stdout. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExchangeSummary } from '../../../../shared/exchange-summary';
import { send } from '../client';

const PROGRAM = fileURLToPath(new URL('../../../../out/cli/larder.mjs', import.meta.url));
/** Longer than any event takes; shorter than a test may. */
const PATIENCE_MS = 15_000;
const KIBIBYTE = 1024;

/** What `GET /.larder/status` tells. */
export interface WireStatus {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly fastHits: number;
  readonly misses: number;
}

/** What `GET /.larder/entries` lists. */
export interface WireEntry {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

export interface BuiltLarderOptions {
  /** Keys of the project file; `origin` and `port` are set already. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly origin: string;
  readonly fastPath: boolean;
}

export class BuiltLarder {
  readonly child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #stdout = '';
  #stderr = '';
  #port = 0;
  readonly #watchers = new Set<() => void>();

  private constructor({ settings, origin, fastPath }: BuiltLarderOptions) {
    if (!existsSync(PROGRAM))
      throw new Error(`${PROGRAM} is missing: npm run build makes it, npm test does so by itself`);
    this.#folder = mkdtempSync(join(tmpdir(), 'larder-wire-'));
    const file = join(this.#folder, 'larder.json');
    writeFileSync(file, JSON.stringify({ origin, port: 0, 'fast-path': fastPath, ...settings }));
    this.child = spawn(process.execPath, [PROGRAM, '--config', file, '--json'], {
      cwd: this.#folder,
      env: { PATH: process.env['PATH'], LARDER_DATA_DIR: join(this.#folder, 'data') },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#printed();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.child.on('close', () => this.#printed());
    const end = (): void => void this.child.kill('SIGKILL');
    process.once('exit', end);
    this.child.once('exit', () => process.off('exit', end));
  }

  static async start(options: BuiltLarderOptions): Promise<BuiltLarder> {
    const larder = new BuiltLarder(options);
    try {
      await larder.#until('the ready line', () => larder.#stdout.includes('\n'));
    } catch (error) {
      await larder.stop();
      throw error;
    }
    const ready = JSON.parse(larder.#stdout.slice(0, larder.#stdout.indexOf('\n'))) as { url: string };
    larder.#port = Number(new URL(ready.url).port);
    return larder;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the program did not start');
    return this.child.pid;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** All lines of stdout until now, parsed. */
  lines(): readonly Readonly<Record<string, unknown>>[] {
    const whole = this.#stdout.slice(0, this.#stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The exchanges that were reported until now. */
  exchanges(): readonly ExchangeSummary[] {
    return this.lines().filter(({ type }) => type === 'exchange') as unknown as ExchangeSummary[];
  }

  /** Resolves when an exchange that this is true of was reported. */
  async reported(matches: (exchange: ExchangeSummary) => boolean): Promise<ExchangeSummary> {
    let found: ExchangeSummary | undefined;
    await this.#until('an exchange', () => (found = this.exchanges().find(matches)) !== undefined);
    return found!;
  }

  async status(): Promise<WireStatus> {
    return JSON.parse((await send(this.#port, '/.larder/status')).text) as WireStatus;
  }

  async entries(): Promise<readonly WireEntry[]> {
    const { text } = await send(this.#port, '/.larder/entries?limit=1000');
    return (JSON.parse(text) as { entries: WireEntry[] }).entries;
  }

  /** Resolves when this is true of what is stored: a response is stored after the client has it. */
  async stored(matches: (entries: readonly WireEntry[]) => boolean): Promise<readonly WireEntry[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const entries = await this.entries();
      if (matches(entries)) return entries;
      if (Date.now() > deadline)
        throw new Error(`stored is only ${entries.map(({ url }) => url).join(', ')}`);
    }
  }

  async clear(): Promise<void> {
    await send(this.#port, '/cache/clear', { method: 'POST' });
  }

  /** Resident memory of the process in bytes: now, and the most there ever was since `forgetPeak` (Linux). */
  memory(): { readonly now: number; readonly peak: number } {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * KIBIBYTE;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  }

  forgetPeak(): void {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
  }

  /** Whether the process lives. */
  alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** SIGTERM, and what it printed. */
  async stop(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    if (this.alive()) {
      this.child.kill();
      await once(this.child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
    return { code: this.child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  #printed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #until(what: string, done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        act();
      };
      const fail = (): void =>
        finish(() => reject(new Error(`waited in vain for ${what}: ${this.#stdout}${this.#stderr}`)));
      const look = (): void => {
        if (done()) finish(resolve);
        else if (!this.alive()) fail();
      };
      const timer = setTimeout(fail, PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }
}
