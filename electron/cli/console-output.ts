/** What the command line prints, and where: results to stdout, diagnostics to stderr. */
import type { Writable } from 'node:stream';
import { formatCount } from '../../shared/format';
import { escapeControls } from '../../shared/safe-text';
import { LineWriter } from './line-writer';

export interface ConsoleStream extends Writable {
  readonly isTTY?: boolean;
}

export interface ConsoleStreams {
  readonly stdout: ConsoleStream;
  readonly stderr: ConsoleStream;
}

const leftOut = (lines: number): string =>
  `larder: ${formatCount(lines)} lines left out: the reader is too slow`;
const leftOutJson = (lines: number): string => JSON.stringify({ type: 'left-out', lines });

/** Colour only on a terminal, and never where NO_COLOR asks for none. */
export function wantsColor(
  stream: ConsoleStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const noColor = env['NO_COLOR'] ?? '';
  return stream.isTTY === true && noColor === '' && env['TERM'] !== 'dumb';
}

export class ConsoleOutput {
  readonly #out: LineWriter;
  readonly #err: LineWriter;

  constructor({ stdout, stderr }: ConsoleStreams, json: boolean) {
    this.#out = new LineWriter(stdout, json ? leftOutJson : leftOut);
    this.#err = new LineWriter(stderr, leftOut);
  }

  /** A line of stdout that is safe already. */
  result(line: string): void {
    this.#out.write(line);
  }

  /** A sentence to stderr. */
  diagnostic(sentence: string): void {
    this.#err.write(`larder: ${escapeControls(sentence)}`);
  }

  /** A line of stderr that is safe already. */
  diagnosticLine(line: string): void {
    this.#err.write(line);
  }

  async flush(): Promise<void> {
    await Promise.all([this.#out.flush(), this.#err.flush()]);
  }
}
