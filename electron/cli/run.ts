/** The command line from arguments to exit code: 0 done, 1 failed at run time, 2 a wrong value. */
import { LarderError } from '../../shared/error-codes';
import type { EngineOptions, LarderEngine } from '../engine/larder-engine';
import type { ResolvedSettings } from '../engine/settings/resolve-settings';
import { resolveSettings } from '../engine/settings/resolve-settings';
import { clearedSentence, clearRunning } from './clear-cache';
import type { ConsoleStreams } from './console-output';
import { ConsoleOutput, wantsColor } from './console-output';
import { jsonLine } from './print-event';
import { serve } from './serve';
import { usage } from './usage';

export interface Program {
  /** After the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly streams: ConsoleStreams;
  readonly version: string;
  readonly createEngine: (options: EngineOptions) => LarderEngine;
  /** Ends the process at once. */
  readonly end: (exitCode: number) => void;
}

async function clearCache(resolved: ResolvedSettings, output: ConsoleOutput): Promise<number> {
  const { port, host } = resolved.settings;
  const outcome = await clearRunning(port, host);
  if (outcome.kind === 'failed') {
    output.diagnostic(outcome.message);
    return 1;
  }
  const { cleared } = outcome;
  if (!resolved.quiet)
    output.result(resolved.json ? jsonLine('cleared', { cleared }) : clearedSentence(cleared));
  return 0;
}

async function serveProxy(
  program: Program,
  resolved: ResolvedSettings,
  output: ConsoleOutput,
): Promise<number> {
  const { version, createEngine, end, streams, env } = program;
  const color = wantsColor(resolved.quiet ? streams.stderr : streams.stdout, env);
  await serve({ resolved, output, version, createEngine, end, color });
  return 0;
}

/** Help and version: one text, and done. */
function printed(text: string, output: ConsoleOutput): number {
  output.result(text);
  return 0;
}

async function runMode(program: Program, resolved: ResolvedSettings, output: ConsoleOutput): Promise<number> {
  if (resolved.mode === 'help') return printed(usage(), output);
  if (resolved.mode === 'version') return printed(program.version, output);
  if (resolved.mode === 'clear-cache') return clearCache(resolved, output);
  return serveProxy(program, resolved, output);
}

/** A failure in words; the exit code says whether the person's input or the run was wrong. */
function reportFailure(error: unknown, output: ConsoleOutput): number {
  if (error instanceof LarderError) {
    output.diagnostic(error.message);
    return error.code === 'settings_invalid' ? 2 : 1;
  }
  output.diagnosticLine(
    `larder: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 1;
}

/** Runs the program to its end.
 *  @returns the exit code, when everything is printed */
export async function run(program: Program): Promise<number> {
  let output = new ConsoleOutput(program.streams, false);
  let exitCode = 0;
  try {
    const { argv, env, cwd } = program;
    const resolved = resolveSettings({ argv, env, cwd, persistOnlyIfAsked: true });
    if (resolved.json) output = new ConsoleOutput(program.streams, true);
    exitCode = await runMode(program, resolved, output);
  } catch (error) {
    exitCode = reportFailure(error, output);
  }
  await output.flush();
  return exitCode;
}
