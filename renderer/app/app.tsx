/** The window: header, places, what must be known, and the place that is open. */
import { Toast } from '@base-ui/react/toast';
import type { ComponentType } from 'react';
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import { LivePlace } from '../live/live-place';
import type { Place } from '../state/window-store';
import { windowStore } from '../state/window-store';
import { Banners } from './banners';
import { Dialogs } from './dialogs';
import { Header } from './header';
import { LiveRegion } from './live-region';
import { Sidebar } from './sidebar';
import { ToastList } from './toast-list';
import { toastManager } from './toasts';
import { listenForShortcuts } from './window-commands';
import { ZoomNote } from './zoom-note';

/** Live is what opens first; the others are read while nobody waits. */
const loadCache = async () => ({ default: (await import('../cache/cache-place')).CachePlace });
const loadInsights = async () => ({ default: (await import('../insights/insights-place')).InsightsPlace });
const loadSettings = async () => ({ default: (await import('../settings/settings-place')).SettingsPlace });

const PLACE_VIEWS: Readonly<Record<Place, readonly [title: string, view: ComponentType]>> = {
  live: ['Live', LivePlace],
  cache: ['Cache', lazy(loadCache)],
  insights: ['Insights', lazy(loadInsights)],
  settings: ['Settings', lazy(loadSettings)],
};

export function App() {
  const place = useStore(windowStore, (state) => state.place);
  const [title, View] = PLACE_VIEWS[place];
  useEffect(listenForShortcuts, []);
  useEffect(readAhead, []);
  return (
    <Toast.Provider toastManager={toastManager}>
      <div className="window">
        <Header />
        <Sidebar />
        <main className="flex min-h-0 min-w-0 flex-col bg-panel">
          <Banners />
          <h1 className="sr-only">{title}</h1>
          <Suspense fallback={null}>
            <View />
          </Suspense>
        </main>
      </div>
      <Dialogs />
      <ZoomNote />
      <LiveRegion />
      <ToastList />
    </Toast.Provider>
  );
}

function readAhead(): () => void {
  const idle = requestIdleCallback(() => void Promise.all([loadCache(), loadInsights(), loadSettings()]));
  return () => cancelIdleCallback(idle);
}
