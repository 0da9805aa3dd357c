/** Which span Insights shows, and the way out of it as a file. */
import { Download } from 'lucide-react';
import { useStore } from 'zustand';
import type { InsightSpan } from '../../shared/insights';
import { INSIGHT_SPANS } from '../../shared/insights';
import { tell, tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import { insightsFeed } from './insights-feed';

const SPAN_NAMES: Readonly<Record<InsightSpan, string>> = {
  '5min': '5 minutes',
  hour: 'Hour',
  session: 'Session',
};

export function InsightsToolbar() {
  const span = useStore(insightsFeed.store, (state) => state.span);
  return (
    <div className="flex min-h-11 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <div role="radiogroup" aria-label="Span" className="segments">
        {INSIGHT_SPANS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="insights-span"
              checked={one === span}
              onChange={() => void insightsFeed.show(one)}
            />
            {SPAN_NAMES[one]}
          </label>
        ))}
      </div>
      <span className="flex-1" />
      <button type="button" className="btn ghost small" onClick={() => void exportSpan(span)}>
        <Download aria-hidden />
        Export as CSV…
      </button>
    </div>
  );
}

async function exportSpan(span: InsightSpan): Promise<void> {
  const answer = await ask('insights.export', { span });
  if (!answer.ok) tellProblem('The figures were not exported', answer.error.message);
  else if (answer.value.saved) tell('Exported as CSV');
}
