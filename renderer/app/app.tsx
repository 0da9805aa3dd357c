/** The window: header, places, what must be known, and the place that is open. */
import { Toast } from '@base-ui/react/toast';
import type { ComponentType } from 'react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { CachePlace } from '../cache/cache-place';
import { InsightsPlace } from '../insights/insights-place';
import { ConnectDialog } from '../live/connect-dialog';
import { LivePlace } from '../live/live-place';
import { SettingsPlace } from '../settings/settings-place';
import type { Place } from '../state/window-store';
import { windowStore } from '../state/window-store';
import { Banners } from './banners';
import { Header } from './header';
import { Sidebar } from './sidebar';
import { ToastList } from './toast-list';
import { toastManager } from './toasts';
import { listenForShortcuts } from './window-commands';

const PLACE_VIEWS: Readonly<Record<Place, readonly [title: string, view: ComponentType]>> = {
  live: ['Live', LivePlace],
  cache: ['Cache', CachePlace],
  insights: ['Insights', InsightsPlace],
  settings: ['Settings', SettingsPlace],
};

export function App() {
  const place = useStore(windowStore, (state) => state.place);
  const [title, View] = PLACE_VIEWS[place];
  useEffect(listenForShortcuts, []);
  return (
    <Toast.Provider toastManager={toastManager}>
      <div className="window">
        <Header />
        <Sidebar />
        <main className="flex min-h-0 min-w-0 flex-col bg-panel">
          <Banners />
          <h1 className="sr-only">{title}</h1>
          <View />
        </main>
      </div>
      <ConnectDialog />
      <ToastList />
    </Toast.Provider>
  );
}
