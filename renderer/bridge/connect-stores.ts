/** Fills the stores from main: what is known at the start, and every event from then on. */
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { OUTCOMES } from '../../shared/exchange-summary';
import { engineStore } from '../state/engine-store';
import { liveLog } from '../state/live-log';
import { isSomeOf, isString, recall, remember } from '../state/remembered';
import { runCommand } from '../app/window-commands';
import { ask, listen } from './larder-api';

export function connectStores(): void {
  rememberFilter();
  listen('events.status', (status) => engineStore.setState({ status }));
  listen('events.settings', (settings) => engineStore.setState({ settings }));
  listen('events.command', ({ command }) => runCommand(command));
  connectLog();
  void loadState();
}

function rememberFilter(): void {
  liveLog.setFilter(recall('filter', '', isString), recall('outcomes', [], isSomeOf(OUTCOMES)));
  liveLog.store.subscribe((state, before) => {
    if (state.filterText !== before.filterText) remember('filter', state.filterText);
    if (state.outcomes !== before.outcomes) remember('outcomes', state.outcomes);
  });
}

/** Events that arrive before the answer may be in it as well. */
function connectLog(): void {
  let early: ExchangeSummary[] | null = [];
  listen('events.exchanges', ({ exchanges, dropped }) => {
    if (early === null) liveLog.receive(exchanges, dropped);
    else early.push(...exchanges);
  });
  void ask('exchange.recent', undefined).then((answer) => {
    const recent = answer.ok ? answer.value : [];
    const known = new Set(recent.map(({ id }) => id));
    liveLog.receive([...recent, ...(early ?? []).filter(({ id }) => !known.has(id))]);
    early = null;
  });
}

async function loadState(): Promise<void> {
  const [info, status, settings] = await Promise.all([
    ask('app.info', undefined),
    ask('engine.status', undefined),
    ask('settings.get', undefined),
  ]);
  engineStore.setState((state) => ({
    info: info.ok ? info.value : state.info,
    // An event that came meanwhile is newer than the answer.
    status: state.status ?? (status.ok ? status.value : null),
    settings: state.settings ?? (settings.ok ? settings.value : null),
  }));
}
