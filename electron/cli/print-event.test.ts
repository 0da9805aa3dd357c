import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import type { EngineEvent } from '../engine/larder-engine';
import { ConsoleOutput, wantsColor } from './console-output';
import type { PrintOptions } from './print-event';
import { exchangeLine, printEvent } from './print-event';

const exchange: ExchangeSummary = {
  id: 1,
  startedAt: new Date(2026, 0, 2, 3, 4, 5, 67).getTime(),
  method: 'GET',
  target: '/products?page=2',
  status: 200,
  outcome: 'MISS',
  reason: 'no-stored-response',
  facts: {},
  forward: 'uri-miss',
  stored: true,
  notStored: null,
  collapsed: false,
  ttlSeconds: 300,
  ageSeconds: 0,
  contentType: 'application/json',
  bodyBytes: 1234,
  durationMs: 305.4,
  savedMs: null,
  entryId: null,
  error: null,
};

async function printed(
  event: EngineEvent,
  options: Partial<PrintOptions> = {},
): Promise<{ out: string; err: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const output = new ConsoleOutput({ stdout, stderr }, options.json ?? false);
  printEvent(event, output, { json: false, quiet: false, color: false, ...options });
  await output.flush();
  return { out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

const plain = (changes: Partial<ExchangeSummary> = {}): string =>
  exchangeLine({ ...exchange, ...changes }, pc.createColors(false));

describe('exchangeLine', () => {
  it('has time, outcome, status, method, path, size, duration and reason', () => {
    expect(plain()).toBe(
      '03:04:05.067  MISS   200  GET     /products?page=2                        1.2 kB    305 ms  no stored response',
    );
  });

  it('shows a request that was never answered', () => {
    expect(plain({ status: null, reason: 'client-left' })).toMatch(/ {2}MISS {3}--- {2}GET .* client left$/);
  });

  it('escapes control characters, and what turns the direction of writing around (L08)', () => {
    const line = plain({ target: '/\u001b[31m\r\nHIT\u009b\u202e', method: 'G\u0007' });
    expect(line).toContain('/\\u001b[31m\\u000d\\u000aHIT\\u009b\\u202e');
    expect(line).toContain('G\\u0007');
  });

  it('leaves secrets out of path and reason (L09)', () => {
    const line = plain({
      target: '/me?token=CANARY',
      reason: 'invalidated',
      facts: { invalidatedBy: 'POST /me?api_key=CANARY' },
    });
    expect(line).toContain('/me?token=***');
    expect(line).toContain('POST /me?api_key=***');
  });

  it('cuts a target that is too long for a line', () => {
    expect(plain({ target: `/${'a'.repeat(9000)}` }).length).toBeLessThan(520);
  });

  it('colours the outcome', () => {
    const colors = pc.createColors(true);
    expect(exchangeLine({ ...exchange, outcome: 'HIT' }, colors)).toContain('\u001b[32mHIT  \u001b[39m');
    expect(exchangeLine({ ...exchange, outcome: 'ERROR' }, colors)).toContain('\u001b[31mERROR\u001b[39m');
  });
});

describe('printEvent', () => {
  const failed: EngineEvent = {
    kind: 'exchange',
    exchange: { ...exchange, outcome: 'ERROR', reason: 'origin-error' },
  };

  it('prints exchanges to stdout', async () => {
    const { out, err } = await printed({ kind: 'exchange', exchange });
    expect({ out, err }).toEqual({ out: `${plain()}\n`, err: '' });
  });

  it('prints the summary as JSON, without secrets and control characters', async () => {
    const target = '/me?token=CANARY"\u0085&a=\u001b';
    const { out } = await printed({ kind: 'exchange', exchange: { ...exchange, target } }, { json: true });
    expect(out).toContain('\\u001b');
    expect(JSON.parse(out)).toEqual({ type: 'exchange', ...exchange, target: '/me?token=***&a=\u001b' });
  });

  it('prints only errors when quiet: to stderr, or as JSON', async () => {
    expect(await printed({ kind: 'exchange', exchange }, { quiet: true })).toEqual({ out: '', err: '' });
    const text = await printed(failed, { quiet: true });
    expect(text.out).toBe('');
    expect(text.err).toContain('ERROR');
    const json = await printed(failed, { quiet: true, json: true });
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'ERROR' });
  });

  it('prints that the cache was cleared', async () => {
    expect((await printed({ kind: 'cleared', cleared: 1 })).out).toBe('larder: cleared 1 stored response\n');
    expect((await printed({ kind: 'cleared', cleared: 12 })).out).toBe(
      'larder: cleared 12 stored responses\n',
    );
    expect((await printed({ kind: 'cleared', cleared: 12 }, { quiet: true })).out).toBe('');
    expect((await printed({ kind: 'cleared', cleared: 2 }, { json: true })).out).toBe(
      '{"type":"cleared","cleared":2}\n',
    );
  });

  it('prints notices to stderr, or as JSON; of these only warnings when quiet', async () => {
    const notice = (level: 'info' | 'warning'): EngineEvent => ({
      kind: 'notice',
      level,
      message: 'store\ngone',
    });
    expect((await printed(notice('info'))).err).toBe('larder: store\\u000agone\n');
    expect((await printed(notice('warning'))).err).toBe('larder: warning: store\\u000agone\n');
    expect((await printed(notice('info'), { quiet: true })).err).toBe('');
    expect((await printed(notice('warning'), { quiet: true })).err).not.toBe('');
    expect((await printed(notice('info'), { json: true })).out).toBe(
      '{"type":"notice","level":"info","message":"store\\ngone"}\n',
    );
  });

  it('prints nothing for a change of status', async () => {
    expect(await printed({ kind: 'status' })).toEqual({ out: '', err: '' });
  });
});

describe('wantsColor', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  it.each([
    [terminal, {}, true],
    [terminal, { NO_COLOR: '' }, true],
    [terminal, { NO_COLOR: '1' }, false],
    [terminal, { TERM: 'dumb' }, false],
    [new PassThrough(), { FORCE_COLOR: '1' }, false],
  ])('only on a terminal, and not where NO_COLOR asks for none', (stream, env, expected) => {
    expect(wantsColor(stream, env)).toBe(expected);
  });
});
