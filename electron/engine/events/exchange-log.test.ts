import { describe, expect, it } from 'vitest';
import type { ExchangeDetails, ExchangeSummary } from '../../../shared/exchange-summary';
import type { ClientRequest } from '../http/client-request';
import { createExchangeLog, LOGGED_EXCHANGES, OBSERVED_BODY_BYTES, type LoggedBody } from './exchange-log';

function logged(id: number, body: LoggedBody) {
  return {
    summary: { id } as ExchangeSummary,
    request: {} as ClientRequest,
    key: '',
    partition: '',
    details: (kept: LoggedBody) => ({ body: kept.kind === 'none' ? 'none' : 'whole' }) as ExchangeDetails,
    body,
    contentEncoding: null,
  };
}

const observed = (bytes: number): LoggedBody => ({
  kind: 'observed',
  chunks: [new Uint8Array(0)],
  totalBytes: bytes,
  keptBytes: bytes,
});

describe('the exchange log', () => {
  it('keeps the newest exchanges, oldest first', () => {
    const log = createExchangeLog();
    for (let id = 1; id <= LOGGED_EXCHANGES + 5; id += 1) log.add(logged(id, { kind: 'none' }));
    expect(log.summaries()).toHaveLength(LOGGED_EXCHANGES);
    expect(log.summaries()[0]?.id).toBe(6);
    expect([log.find(5), log.find(6)?.summary.id]).toEqual([null, 6]);
  });

  it('lets go of the oldest bodies first, and of nothing else', () => {
    const log = createExchangeLog();
    for (let id = 1; id <= 129; id += 1) log.add(logged(id, observed(OBSERVED_BODY_BYTES)));
    const oldest = log.find(1);
    expect(oldest?.body.kind).toBe('none');
    expect(oldest?.details(oldest.body).body).toBe('none');
    expect(log.find(2)?.body.kind).toBe('observed');
  });

  it('counts no bodies of exchanges that are no longer kept', () => {
    const log = createExchangeLog();
    for (let id = 1; id <= 100; id += 1) log.add(logged(id, observed(OBSERVED_BODY_BYTES)));
    for (let id = 101; id <= LOGGED_EXCHANGES + 100; id += 1) log.add(logged(id, { kind: 'none' }));
    const next = LOGGED_EXCHANGES + 101;
    for (let id = next; id < next + 128; id += 1) log.add(logged(id, observed(OBSERVED_BODY_BYTES)));
    expect(log.find(next)?.body.kind).toBe('observed');
  });
});
