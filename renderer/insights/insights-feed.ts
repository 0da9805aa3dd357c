import { INSIGHT_SPANS } from '../../shared/insights';
import { ask } from '../bridge/larder-api';
import { InsightsFeed } from '../state/insights-feed';
import { isOneOf, recall, remember } from '../state/remembered';

/** The figures behind Insights. */
export const insightsFeed = new InsightsFeed(
  recall('insights-span', '5min', isOneOf(INSIGHT_SPANS)),
  (request) => ask('insights.get', request),
);

insightsFeed.store.subscribe(({ span }, before) => {
  if (span !== before.span) remember('insights-span', span);
});

const EVERY_MS = 1000;

/** Asks for new figures while the window is seen. Returns the function that stops it. */
export function followInsights(): () => void {
  const refresh = () => {
    if (!document.hidden) void insightsFeed.refresh();
  };
  refresh();
  const timer = setInterval(refresh, EVERY_MS);
  document.addEventListener('visibilitychange', refresh);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', refresh);
  };
}
