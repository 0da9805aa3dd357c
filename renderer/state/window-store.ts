/** Where the person is in the window: the place, what is open beside it, how wide. */
import { createStore } from 'zustand/vanilla';
import { isBoolean, isNumber, isOneOf, recall, remember } from './remembered';
import type { LogRow } from './live-log';

export const PLACES = ['live', 'cache', 'insights', 'settings'] as const;
export type Place = (typeof PLACES)[number];

export interface WindowState {
  readonly place: Place;
  /** The row the arrow keys stand on. */
  readonly liveRow: LogRow | null;
  readonly liveDetails: boolean;
  readonly entryId: string | null;
  readonly entryDetails: boolean;
  readonly detailsWidth: number;
  /** Where the details lie below the grid. */
  readonly detailsHeight: number;
  /** Dotted name of the setting that Settings is to show and focus, such as `upstream.headTimeoutMs`; it sets it back. */
  readonly settingsFocus: string | null;
  /** Of the field tables in the details. */
  readonly fieldOrder: 'wire' | 'name';
  readonly connectOpen: boolean;
  readonly demoStrip: boolean;
}

export const windowStore = createStore<WindowState>(() => ({
  place: recall('place', 'live', isOneOf(PLACES)),
  liveRow: null,
  liveDetails: false,
  entryId: null,
  entryDetails: false,
  detailsWidth: recall('details-width', 400, isNumber),
  detailsHeight: recall('details-height', 300, isNumber),
  settingsFocus: null,
  fieldOrder: recall('field-order', 'wire', isOneOf(['wire', 'name'] as const)),
  connectOpen: false,
  demoStrip: recall('demo-strip', true, isBoolean),
}));

windowStore.subscribe((state, before) => {
  if (state.place !== before.place) remember('place', state.place);
  if (state.detailsWidth !== before.detailsWidth) remember('details-width', state.detailsWidth);
  if (state.detailsHeight !== before.detailsHeight) remember('details-height', state.detailsHeight);
  if (state.fieldOrder !== before.fieldOrder) remember('field-order', state.fieldOrder);
  if (state.demoStrip !== before.demoStrip) remember('demo-strip', state.demoStrip);
});

export function showPlace(place: Place): void {
  windowStore.setState({ place });
}

export function openLiveRow(liveRow: LogRow): void {
  windowStore.setState({ liveRow, liveDetails: true });
}

export function openEntry(entryId: string): void {
  windowStore.setState({ place: 'cache', entryId, entryDetails: true });
}

/** Settings, at one field. @param field dotted name, such as `ttlSeconds` */
export function openSetting(field: string): void {
  windowStore.setState({ place: 'settings', settingsFocus: field });
}
