/** Insights: what the store holds, of which budget, and what compression saves. */
import type { EngineStatus } from '../../shared/engine-status';
import { formatBytes, formatCount, formatMebibytes, formatPercent, formatPlural } from '../../shared/format';
import { InsightsSection } from './insights-section';

export function StoreUsage({ status: { store } }: { readonly status: EngineStatus }) {
  const share = store.budgetBytes === null ? null : Math.min(1, store.bytes / store.budgetBytes);
  return (
    <InsightsSection title={store.kind === 'memory' ? 'Memory store' : 'Redis store'}>
      {share !== null && (
        <div className="meter mb-2 h-2!" aria-hidden>
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <p>
        {formatCount(store.entries)} stored {store.entries === 1 ? 'response' : 'responses'},{' '}
        {store.budgetBytes === null
          ? formatBytes(store.bytes)
          : `${formatMebibytes(store.bytes)} of ${formatMebibytes(store.budgetBytes)} MiB`}
      </p>
      <Bodies store={store} />
    </InsightsSection>
  );
}

/** What compression saves, and what of it all is on disk or near. */
function Bodies({ store }: { readonly store: EngineStatus['store'] }) {
  const { bodyBytes, storedBodyBytes, persistence, nearCache } = store;
  const saved = Math.max(0, bodyBytes - storedBodyBytes);
  return (
    <>
      {bodyBytes > 0 && (
        <p className="text-muted">
          Bodies of {formatBytes(bodyBytes)}, kept as {formatBytes(storedBodyBytes)}: compression saves{' '}
          {formatPercent(saved, bodyBytes)}.
        </p>
      )}
      {persistence?.state === 'on' && (
        <p className="text-muted">
          On disk: {formatMebibytes(persistence.bytes)} of {formatMebibytes(persistence.budgetBytes)} MiB.
        </p>
      )}
      {nearCache !== null && nearCache.state !== 'off' && (
        <p className="text-muted">
          Near cache: {formatPlural(nearCache.entries, 'response')}, {formatMebibytes(nearCache.bytes)} of{' '}
          {formatMebibytes(nearCache.budgetBytes)} MiB{nearCache.state === 'resting' && ', resting'}.
        </p>
      )}
    </>
  );
}
