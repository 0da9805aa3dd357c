import { describe, expect, it } from 'vitest';
import type { InsightSpan, InsightsReport } from '../../shared/insights';
import type { IpcResult } from '../../shared/ipc-contract';
import { InsightsFeed } from './insights-feed';

type Answer = (result: IpcResult<InsightsReport>) => void;

function underTest() {
  const asked: { span: InsightSpan; answer: Answer }[] = [];
  const feed = new InsightsFeed('5min', ({ span }) => new Promise((answer) => asked.push({ span, answer })));
  return { feed, asked };
}

const told = (span: InsightSpan) => ({ ok: true, value: { span } as InsightsReport }) as const;

describe('the feed of insights', () => {
  it('has the report of the span that is shown', async () => {
    const { feed, asked } = underTest();
    const first = feed.refresh();
    asked[0]!.answer(told('5min'));
    await first;
    expect(feed.store.getState().report?.span).toBe('5min');
  });

  it('throws away the answer about a span that was left', async () => {
    const { feed, asked } = underTest();
    const [late, shown] = [feed.refresh(), feed.show('hour')];
    asked[1]!.answer(told('hour'));
    asked[0]!.answer(told('5min'));
    await Promise.all([late, shown]);
    expect(feed.store.getState().report?.span).toBe('hour');
  });

  it('does not ask again while it waits', async () => {
    const { feed, asked } = underTest();
    const first = feed.refresh();
    await feed.refresh();
    expect(asked).toHaveLength(1);
    asked[0]!.answer(told('5min'));
    await first;
    void feed.refresh();
    expect(asked).toHaveLength(2);
  });

  it('keeps the last figures beside what went wrong, until it goes well again', async () => {
    const { feed, asked } = underTest();
    const answers: Parameters<Answer>[0][] = [
      told('5min'),
      { ok: false, error: { code: 'internal', message: 'It broke' } },
      told('5min'),
    ];
    const problems: (string | null)[] = [];
    for (const [index, answer] of answers.entries()) {
      const done = feed.refresh();
      asked[index]!.answer(answer);
      await done;
      problems.push(feed.store.getState().problem);
      expect(feed.store.getState().report).not.toBeNull();
    }
    expect(problems).toEqual([null, 'It broke', null]);
  });
});
