import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, LarderError } from './error-codes';
import type { NotStoredReason, ReasonCode } from './exchange-summary';

function documentation(name: string): string {
  return readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

/** First cells of the tables, and the cell after. */
function rows(text: string): (readonly [string, string])[] {
  return [...text.matchAll(/^\| `([\w-]+)` \| ([^|]*) \|/gm)].map(
    ([, code = '', next = '']) => [code, next] as const,
  );
}

describe('the catalogue of errors', () => {
  it('is the one that docs/errors.md explains, with the same statuses', () => {
    const documented = Object.fromEntries(rows(documentation('errors.md')));
    const statuses = Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status]);
    expect(Object.keys(documented)).toEqual(statuses.map(([code]) => code));
    const own = statuses.filter(([, status]) => status !== null);
    expect(own.map(([code]) => [code, Number(documented[String(code)])])).toEqual(own);
  });

  it('gives a report without stack and cause', () => {
    const error = new LarderError('origin_timeout', 'too slow', { cause: new Error('secret') });
    expect(error.report()).toEqual({ code: 'origin_timeout', message: 'too slow' });
    expect(error.status).toBe(504);
    expect(new LarderError('port_in_use', 'taken').status).toBe(500);
  });
});

/** Records, so that a code that is added to the type and forgotten here does not compile. */
const REASONS: Readonly<Record<ReasonCode, true>> = {
  fresh: true,
  revalidated: true,
  'stale-while-revalidate': true,
  'stale-if-error': true,
  'max-stale': true,
  'not-modified': true,
  collapsed: true,
  'no-stored-response': true,
  invalidated: true,
  'vary-differs': true,
  'credentials-differ': true,
  expired: true,
  'must-validate': true,
  reload: true,
  changed: true,
  'method-not-cached': true,
  'request-no-store': true,
  'partial-stored': true,
  'conditional-request': true,
  'request-body': true,
  'unkeyed-input': true,
  upgrade: true,
  'only-if-cached': true,
  'store-unavailable': true,
  'origin-error': true,
  'request-error': true,
  'client-left': true,
};

const NOT_STORED: Readonly<Record<NotStoredReason, true>> = {
  'status-not-stored': true,
  'response-no-store': true,
  'response-private': true,
  authorization: true,
  'vary-star': true,
  'no-freshness': true,
  'ttl-zero': true,
  endless: true,
  'too-large': true,
  'memory-busy': true,
  incomplete: true,
  'request-no-store': true,
  'partial-content': true,
  'invalidated-meanwhile': true,
  'method-not-cached': true,
  'store-unavailable': true,
};

describe('the reasons of exchanges', () => {
  it('are the ones that docs/caching.md explains', () => {
    const [, reasons = ''] = documentation('caching.md').split('## Reasons');
    const [codes = '', notStored = ''] = reasons.split('And why');
    expect(rows(codes).map(([code]) => code)).toEqual(Object.keys(REASONS));
    expect(rows(notStored).map(([code]) => code)).toEqual(Object.keys(NOT_STORED));
  });
});
