/** Insights: how well the cache does, now and over a span of time. */
import { ChartColumn } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { EngineCounters } from '../../shared/engine-status';
import type { InsightsReport } from '../../shared/insights';
import { requestsIn } from '../../shared/insights';
import { engineStore } from '../state/engine-store';
import { showPlace } from '../state/window-store';
import { ChartCard } from './chart-card';
import { latencyChart, SPAN_WORDS, timeCharts } from './insight-charts';
import { InsightFigures } from './insight-figures';
import { followInsights, insightsFeed } from './insights-feed';
import { InsightsToolbar } from './insights-toolbar';
import { LargestPaths, MissedPaths } from './path-tables';
import { StoreUsage } from './store-usage';

export function InsightsPlace() {
  const report = useStore(insightsFeed.store, (state) => state.report);
  const problem = useStore(insightsFeed.store, (state) => state.problem);
  useEffect(followInsights, []);
  return (
    <>
      <InsightsToolbar />
      <div className="insights">
        {problem !== null && <Problem text={problem} />}
        {report === null && problem === null && <p className="text-muted">Adding up the figures…</p>}
        {report !== null && <Report report={report} />}
      </div>
    </>
  );
}

function Report({ report }: { readonly report: InsightsReport }) {
  const charts = useMemo(() => timeCharts(report), [report]);
  const latency = useMemo(() => latencyChart(report), [report]);
  const isEmpty = requestsIn(report.totals) === 0;
  return (
    <>
      <InsightFigures report={report} />
      {isEmpty ? (
        <>
          <Nothing report={report} />
          <div className="insight-grid">
            <section className="path-card" aria-label="Store usage">
              <h2>Store usage</h2>
              <StoreUsage />
            </section>
          </div>
        </>
      ) : (
        <div className="insight-grid">
          <ChartCard model={charts.ratio} />
          <ChartCard model={charts.requests} />
          <ChartCard model={latency} />
          <ChartCard model={charts.saved} />
          <ChartCard model={charts.bytes} />
          <ChartCard model={charts.store}>
            <StoreUsage />
          </ChartCard>
          <MissedPaths paths={report.mostMissed} />
          <LargestPaths paths={report.largest} />
        </div>
      )}
    </>
  );
}

function Nothing({ report: { span } }: { readonly report: InsightsReport }) {
  const hasBefore = useStore(
    engineStore,
    ({ status }) => status !== null && requestsSince(status.counters) > 0,
  );
  return (
    <div className="insight-nothing">
      <ChartColumn aria-hidden size={28} strokeWidth={1.4} className="text-faint" />
      <p className="font-semibold text-text">No requests in {SPAN_WORDS[span]}</p>
      <p className="max-w-[52ch]">
        Send a request through Larder: from the first on, hits, misses and what they cost are counted here.
      </p>
      <div className="mt-1 flex gap-2">
        <button type="button" className="btn small" onClick={() => showPlace('live')}>
          Go to Live
        </button>
        {span !== 'session' && hasBefore && (
          <button type="button" className="btn small" onClick={() => void insightsFeed.show('session')}>
            Show the session
          </button>
        )}
      </div>
    </div>
  );
}

function requestsSince({ hits, misses, passes, errors }: EngineCounters): number {
  return hits + misses + passes + errors;
}

function Problem({ text }: { readonly text: string }) {
  return (
    <div role="alert" className="mb-4 flex items-center gap-3 text-error">
      <p className="min-w-0 flex-1">The figures cannot be shown. {text}</p>
      <button type="button" className="btn small" onClick={() => void insightsFeed.refresh()}>
        Try again
      </button>
    </div>
  );
}
