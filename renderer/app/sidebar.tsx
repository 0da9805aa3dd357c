/** The places, and how well this session goes. */
import { Activity, ChartColumn, Layers, SlidersHorizontal } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useStore } from 'zustand';
import { formatBytes, formatCount, formatMebibytes, formatMs, formatPercent } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { liveLog } from '../state/live-log';
import type { Place } from '../state/window-store';
import { showPlace, windowStore } from '../state/window-store';

interface PlaceItem {
  readonly name: string;
  readonly icon: LucideIcon;
}

const PLACE_ITEMS: Readonly<Record<Place, PlaceItem>> = {
  live: { name: 'Live', icon: Activity },
  cache: { name: 'Cache', icon: Layers },
  insights: { name: 'Insights', icon: ChartColumn },
  settings: { name: 'Settings', icon: SlidersHorizontal },
};

export function Sidebar() {
  const logged = useStore(liveLog.store, (state) => state.total + state.waiting);
  const stored = useStore(engineStore, (state) => state.status?.store.entries ?? 0);
  return (
    <nav className="sidebar" aria-label="Places">
      <ul className="flex flex-col gap-0.5">
        <PlaceLink place="live" count={logged} />
        <PlaceLink place="cache" count={stored} />
        <PlaceLink place="insights" />
        <PlaceLink place="settings" />
      </ul>
      <Session />
    </nav>
  );
}

function PlaceLink({ place, count = 0 }: { readonly place: Place; readonly count?: number }) {
  const current = useStore(windowStore, (state) => state.place === place);
  const { name, icon: Icon } = PLACE_ITEMS[place];
  return (
    <li className="relative">
      <a
        href={`#${place}`}
        className="place-link"
        aria-current={current ? 'page' : undefined}
        title={count > 0 ? `${name}: ${formatCount(count)}` : name}
        onClick={(event) => {
          event.preventDefault();
          showPlace(place);
        }}
      >
        <Icon aria-hidden />
        <span className="place-label">{name}</span>
      </a>
      {count > 0 && <span className="place-count">{formatCount(count)}</span>}
    </li>
  );
}

function Session() {
  const counters = useStore(engineStore, (state) => state.status?.counters);
  const store = useStore(engineStore, (state) => state.status?.store);
  if (counters === undefined || store === undefined) return null;
  const ratio = formatPercent(counters.hits, counters.hits + counters.misses);
  const used = store.budgetBytes === null ? null : Math.min(100, (store.bytes / store.budgetBytes) * 100);
  return (
    <div className="session" title={`${ratio} hits this session`}>
      <b>{ratio}</b>
      <div className="session-words">
        hits this session
        {used !== null && (
          <div className="meter my-2" aria-hidden>
            <i style={{ width: `${used}%` }} />
          </div>
        )}
        <p className={used === null ? 'mt-2' : ''}>
          {store.budgetBytes === null
            ? `${formatBytes(store.bytes)} stored`
            : `${formatMebibytes(store.bytes)} of ${formatMebibytes(store.budgetBytes)} MiB used`}
        </p>
        <p>{formatMs(counters.savedMs)} saved</p>
      </div>
    </div>
  );
}
