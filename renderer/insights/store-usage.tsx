/** Insights: what the store holds of its budget, and what compression saves. Stands below the chart of it. */
import { useStore } from 'zustand';
import type { EngineStatus } from '../../shared/engine-status';
import { formatBytes, formatMebibytes, formatPercent, formatPlural } from '../../shared/format';
import { engineStore } from '../state/engine-store';

export function StoreUsage() {
  const store = useStore(engineStore, ({ status }) => status?.store);
  if (store === undefined) return null;
  const share = store.budgetBytes === null ? null : Math.min(1, store.bytes / store.budgetBytes);
  return (
    <div className="store-usage">
      {share !== null && (
        <div className="meter" aria-hidden>
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <p>
        {store.kind === 'memory' ? 'Memory' : 'Redis'}: {formatPlural(store.entries, 'stored response')},{' '}
        {store.budgetBytes === null
          ? formatBytes(store.bytes)
          : `${formatMebibytes(store.bytes)} of ${formatMebibytes(store.budgetBytes)} MiB`}
        .
      </p>
      <Bodies store={store} />
    </div>
  );
}

/** What compression saves, and what of it all is on disk or near. */
function Bodies({ store }: { readonly store: EngineStatus['store'] }) {
  const { bodyBytes, storedBodyBytes, persistence, nearCache } = store;
  const saved = Math.max(0, bodyBytes - storedBodyBytes);
  return (
    <>
      {bodyBytes > 0 && (
        <p>
          Bodies of {formatBytes(bodyBytes)}, kept as {formatBytes(storedBodyBytes)}: compression saves{' '}
          {formatPercent(saved, bodyBytes)}.
        </p>
      )}
      {persistence?.state === 'on' && (
        <p>
          On disk: {formatMebibytes(persistence.bytes)} of {formatMebibytes(persistence.budgetBytes)} MiB.
        </p>
      )}
      {nearCache !== null && nearCache.state !== 'off' && (
        <p>
          Near cache: {formatPlural(nearCache.entries, 'response')}, {formatMebibytes(nearCache.bytes)} of{' '}
          {formatMebibytes(nearCache.budgetBytes)} MiB{nearCache.state === 'resting' && ', resting'}.
        </p>
      )}
    </>
  );
}
