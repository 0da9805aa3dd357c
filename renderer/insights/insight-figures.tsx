/** The head of Insights: how it goes now and over the span. */
import { formatBytes, formatCount, formatMs, formatPercent } from '../../shared/format';
import type { InsightsReport } from '../../shared/insights';
import { hitsIn, RECENT_SECONDS, requestsIn } from '../../shared/insights';
import { formatRate } from './insight-charts';

export function InsightFigures({ report }: { readonly report: InsightsReport }) {
  const { totals, recent } = report;
  const { hits, decided } = hitsIn(totals);
  const lately = hitsIn(recent);
  const now = formatPercent(lately.hits, lately.decided);
  return (
    <dl className="insight-figures">
      <Figure
        name="Hit ratio"
        value={formatPercent(hits, decided)}
        note={lately.decided === 0 ? `none in the last ${RECENT_SECONDS} s` : `now ${now}`}
      />
      <Figure
        name="Requests"
        value={formatCount(requestsIn(totals))}
        note={`now ${formatRate(requestsIn(recent) / RECENT_SECONDS)}`}
      />
      <Figure name="Waiting saved" value={formatMs(totals.savedMs)} note="that hits did not take" />
      <Figure name="Bytes saved" value={formatBytes(totals.savedBytes)} note="that hits did not fetch" />
      <Figure
        name="Origin requests"
        value={formatCount(totals.originRequests)}
        note={`${formatBytes(totals.originBytes)} fetched`}
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span>{note}</span>
      </dd>
    </div>
  );
}
