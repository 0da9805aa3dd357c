/** The engine's events as lines: one a request, as text or as JSON. */
import type { Colors } from 'picocolors/types';
import pc from 'picocolors';
import type { ExchangeSummary, Outcome } from '../../shared/exchange-summary';
import { formatBytes, formatClockMs, formatMs, formatPlural } from '../../shared/format';
import { reasonShort } from '../../shared/reason-text';
import { redactSecrets } from '../../shared/redact-secrets';
import { escapeControls } from '../../shared/safe-text';
import type { EngineEvent } from '../engine/larder-engine';
import type { ConsoleOutput } from './console-output';

export interface PrintOptions {
  readonly json: boolean;
  /** Only what went wrong. */
  readonly quiet: boolean;
  readonly color: boolean;
}

const LONGEST_TARGET = 400;
const TARGET_WIDTH = 36;

type Paint = (text: string) => string;

function paintOf(outcome: Outcome, colors: Colors): Paint {
  const paints: Readonly<Record<Outcome, Paint>> = {
    HIT: colors.green,
    MISS: colors.yellow,
    STALE: colors.magenta,
    PASS: colors.cyan,
    ERROR: colors.red,
  };
  return paints[outcome];
}

const safe = (text: string): string => escapeControls(redactSecrets(text));

function shortTarget(target: string): string {
  const text = safe(target);
  return text.length <= LONGEST_TARGET ? text : `${text.slice(0, LONGEST_TARGET)}…`;
}

/** `19:29:03.120  MISS   200  GET     /products        1.2 kB   305 ms  no stored response` */
export function exchangeLine(exchange: ExchangeSummary, colors: Colors): string {
  const { outcome } = exchange;
  return [
    colors.dim(formatClockMs(exchange.startedAt)),
    paintOf(outcome, colors)(outcome.padEnd(5)),
    String(exchange.status ?? '---'),
    escapeControls(exchange.method).padEnd(6),
    shortTarget(exchange.target).padEnd(TARGET_WIDTH),
    formatBytes(exchange.bodyBytes).padStart(8),
    formatMs(exchange.durationMs).padStart(8),
    colors.dim(safe(reasonShort(exchange))),
  ].join('  ');
}

/** One line of JSON; secrets in URLs left out, control characters escaped. */
export function jsonLine(type: string, value: object): string {
  const text = JSON.stringify({ type, ...value }, (_key, part: unknown) =>
    typeof part === 'string' ? redactSecrets(part) : part,
  );
  return escapeControls(text);
}

function printExchange(exchange: ExchangeSummary, output: ConsoleOutput, options: PrintOptions): void {
  if (options.quiet && exchange.outcome !== 'ERROR') return;
  if (options.json) return output.result(jsonLine('exchange', exchange));
  const line = exchangeLine(exchange, pc.createColors(options.color));
  if (options.quiet) output.diagnosticLine(line);
  else output.result(line);
}

/** Prints what one event says, if anything. */
export function printEvent(event: EngineEvent, output: ConsoleOutput, options: PrintOptions): void {
  switch (event.kind) {
    case 'exchange':
      return printExchange(event.exchange, output, options);
    case 'cleared': {
      if (options.quiet) return;
      const { cleared } = event;
      if (options.json) return output.result(jsonLine('cleared', { cleared }));
      return output.result(`larder: cleared ${formatPlural(cleared, 'stored response')}`);
    }
    case 'notice':
      return printNotice(event.level, event.message, output, options);
    case 'status':
      return;
  }
}

/** A notice: on stderr, or as JSON on stdout; of these `quiet` leaves the warnings. */
export function printNotice(
  level: 'info' | 'warning',
  message: string,
  output: ConsoleOutput,
  options: PrintOptions,
): void {
  if (options.quiet && level === 'info') return;
  if (options.json) return output.result(jsonLine('notice', { level, message }));
  output.diagnostic(level === 'warning' ? `warning: ${message}` : message);
}
