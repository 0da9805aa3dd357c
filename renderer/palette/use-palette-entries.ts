/** Everything that the palette can offer just now. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ProfileList } from '../../shared/profiles';
import type { StoredEntry } from '../../shared/stored-entry';
import { COMMAND_GROUPS, COMMAND_NAMES, commandFacts } from '../../shared/window-commands';
import { isCommandUseful, runCommand } from '../app/window-commands';
import { profilesStore, switchProfile } from '../profiles/profiles-store';
import { openCompose } from '../state/compose-store';
import { liveLog } from '../state/live-log';
import { openEntry, openSetting, showPlace } from '../state/window-store';
import { rankEntries, type PaletteEntry, type PaletteGroup } from './rank-entries';
import { recentPaths } from './recent-paths';
import { SETTING_NAMES } from './setting-names';
import { useStoredMatches } from './use-stored-matches';

const MOST_PATHS = 40;
/** So many are listed before anything is typed. */
const PATHS_AT_FIRST = 5;

export function usePaletteEntries(query: string): readonly PaletteGroup[] {
  const list = useStore(profilesStore, (state) => state.list);
  const stored = useStoredMatches(query);
  const fixed = useMemo(() => [...commands(), ...profiles(list), ...paths(), ...settings()], [list]);
  return useMemo(
    () => rankEntries([...sending(query), ...fixed, ...stored.map(storedEntry)], query),
    [fixed, query, stored],
  );
}

function commands(): readonly PaletteEntry[] {
  return COMMAND_GROUPS.flatMap((group) =>
    COMMAND_NAMES.filter((name) => commandFacts(name).group === group && isCommandUseful(name)).map(
      (name): PaletteEntry => {
        const { title, alsoKnownAs, keys } = commandFacts(name);
        const run = () => runCommand(name);
        return { id: name, group, title, alsoKnownAs, keys, kind: 'command', run };
      },
    ),
  );
}

function profiles(list: ProfileList | null): readonly PaletteEntry[] {
  const others = list?.profiles.filter(({ id }) => id !== list.active) ?? [];
  return others.map(({ id, name }) => ({
    id: `profile ${id}`,
    group: 'Profiles',
    title: `Switch to ${name}`,
    alsoKnownAs: 'profile',
    kind: 'profile',
    run: () => void switchProfile(id),
  }));
}

function paths(): readonly PaletteEntry[] {
  return recentPaths(MOST_PATHS).map((path, index) => ({
    id: `path ${path}`,
    group: 'Filter the log',
    title: `Filter by ${path}`,
    code: path,
    kind: 'path',
    ...(index < PATHS_AT_FIRST ? {} : { shown: 'only-searched' as const }),
    run: () => {
      showPlace('live');
      liveLog.setFilter(`path:${path}`, []);
    },
  }));
}

function settings(): readonly PaletteEntry[] {
  return SETTING_NAMES.map(({ field, title, alsoKnownAs }) => ({
    id: `setting ${field}`,
    group: 'Settings by name',
    title: `Setting: ${title}`,
    alsoKnownAs,
    kind: 'setting',
    shown: 'only-searched',
    run: () => openSetting(field),
  }));
}

/** A path that was typed can be asked for. */
function sending(query: string): readonly PaletteEntry[] {
  const target = query.trim();
  if (!target.startsWith('/')) return [];
  const title = `Send a request to ${target}`;
  const run = () => openCompose({ target });
  return [{ id: 'send', group: 'Requests', title, code: target, kind: 'send', shown: 'searched', run }];
}

function storedEntry({ id, method, url }: StoredEntry): PaletteEntry {
  const code = pathOf(url);
  return {
    id: `stored ${id}`,
    group: 'Stored responses',
    title: `Open stored ${method === 'GET' ? '' : `${method} `}${code}`,
    code,
    kind: 'stored',
    shown: 'searched',
    run: () => openEntry(id),
  };
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return pathname + search;
  } catch {
    return url;
  }
}
