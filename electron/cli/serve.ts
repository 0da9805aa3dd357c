/** Runs the proxy without a window, from start to the signal that stops it. */
import { LarderError } from '../../shared/error-codes';
import { demoHint, readyJson, readyLine } from '../../shared/ready-line';
import type { EngineOptions, LarderEngine } from '../engine/larder-engine';
import { cacheFolderIn } from '../engine/settings/data-directory';
import type { ResolvedSettings } from '../engine/settings/resolve-settings';
import type { ConsoleOutput } from './console-output';
import type { PrintOptions } from './print-event';
import { printEvent, printNotice } from './print-event';
import { listenForShutdown } from './shutdown-signals';
import { watchStore } from './store-notice';

export interface ServeOptions {
  readonly resolved: ResolvedSettings;
  readonly version: string;
  readonly color: boolean;
  readonly output: ConsoleOutput;
  readonly createEngine: (options: EngineOptions) => LarderEngine;
  /** Ends the process at once. */
  readonly end: (exitCode: number) => void;
}

const STOP_GRACE_MS = 10_000;

/** Whether only this machine can reach what listens on `host`. */
export function isLoopbackAddress(host: string | null): boolean {
  return host === null || host === '::1' || host.startsWith('127.') || /^(.+\.)?localhost$/i.test(host);
}

function startFailure(error: unknown, { port }: ResolvedSettings['settings'], engine: LarderEngine): unknown {
  if (!(error instanceof LarderError) || error.code !== 'port_in_use') return error;
  const { listen } = engine.status();
  const free = listen.kind === 'failed' ? listen.freePort : null;
  const suggestion = free === null ? '' : `--port ${free} (free now) or `;
  const message = `port ${port} is taken: another program listens on it. Stop that program, or take another port: ${suggestion}--port 0 for any free one`;
  return new LarderError('port_in_use', message, { cause: error });
}

/** What to know before the first request, on stderr. */
function announce({ resolved, output }: ServeOptions, engine: LarderEngine, options: PrintOptions): void {
  const status = engine.status();
  if (!options.quiet) output.result(options.json ? readyJson(status) : readyLine(status));
  const { host } = resolved.settings;
  if (!isLoopbackAddress(host)) {
    const risk = 'other machines in the network can use this proxy and read what it answers';
    output.diagnostic(`warning: listening on ${host ?? ''}, not only on loopback: ${risk}`);
  }
  const hint = demoHint(status, resolved.overridden['origin'] !== undefined);
  if (hint !== null && !options.quiet) output.diagnostic(hint);
}

async function runUntilSignal(
  options: ServeOptions,
  engine: LarderEngine,
  print: PrintOptions,
): Promise<void> {
  const signals = listenForShutdown(options.end);
  try {
    await engine.start().catch((error: unknown) => {
      throw startFailure(error, options.resolved.settings, engine);
    });
    announce(options, engine, print);
    await signals.first;
    if (!print.quiet) options.output.diagnostic('stopping; requests in flight are finished first');
    await engine.stop(STOP_GRACE_MS);
  } finally {
    await engine.close();
    signals.dispose();
  }
}

/** Serves until SIGINT or SIGTERM, then drains.
 *  @throws LarderError when it cannot listen */
export async function serve(options: ServeOptions): Promise<void> {
  const { resolved, output, version } = options;
  const print: PrintOptions = { json: resolved.json, quiet: resolved.quiet, color: options.color };
  for (const notice of resolved.notices) printNotice('warning', notice, output, print);
  const { settings, secrets, profile: cache } = resolved;
  const folder = settings.persist ? { cacheFolder: cacheFolderIn(resolved.dataDir) } : {};
  const engine = options.createEngine({ settings, secrets, version, cache, ...folder });
  const storeNotices = watchStore();
  engine.subscribe((event) => {
    printEvent(event, output, print);
    if (event.kind !== 'status') return;
    for (const { level, message } of storeNotices(engine.status().store))
      printNotice(level, message, output, print);
  });
  await runUntilSignal(options, engine, print);
}
