/** The context menu of a row of the Cache grid: of all that is selected where the row is part of that. */
import { Menu } from '@base-ui/react/menu';
import { Clock, Copy, ExternalLink, FolderTree, PanelRight, RefreshCw, Trash2 } from 'lucide-react';
import type { RefObject } from 'react';
import { useStore } from 'zustand';
import { formatCount } from '../../shared/format';
import type { StoredEntry } from '../../shared/stored-entry';
import { tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import type { MenuPoint } from '../controls/point-menu';
import { PointMenu } from '../controls/point-menu';
import { openEntry } from '../state/window-store';
import { copyUrls, deleteEntries, patternFor, refetchEntries } from './cache-actions';
import { openCacheDialog } from './cache-dialogs';
import { entrySelection } from './stored-responses';

interface EntryMenuProps {
  readonly menu: { readonly entry: StoredEntry; readonly point: MenuPoint } | null;
  readonly onClose: () => void;
  readonly returnFocus: RefObject<HTMLElement | null>;
}

export function EntryMenu({ menu, onClose, returnFocus }: EntryMenuProps) {
  return (
    <PointMenu
      label="Stored response"
      point={menu?.point ?? null}
      onClose={onClose}
      returnFocus={returnFocus}
    >
      {menu !== null && <EntryItems entry={menu.entry} />}
    </PointMenu>
  );
}

function EntryItems({ entry }: { readonly entry: StoredEntry }) {
  const selected = useStore(entrySelection.store, (state) => state.selected);
  const bodyBytes = useStore(entrySelection.store, (state) => state.bodyBytes);
  const many = selected.size > 1;
  const ids = many ? [...selected.keys()] : [entry.id];
  const words = many ? ` ${formatCount(ids.length)}` : '';
  return (
    <>
      <Menu.Item className="menu-item" disabled={many} onClick={() => openEntry(entry.id)}>
        <PanelRight aria-hidden />
        Open details
      </Menu.Item>
      <Menu.Item className="menu-item" disabled={many} onClick={() => void openInBrowser(entry.url)}>
        <ExternalLink aria-hidden />
        Open at the origin
      </Menu.Item>
      <Menu.Item className="menu-item" onClick={() => void copyUrls(ids)}>
        <Copy aria-hidden />
        {many ? `Copy${words} URLs` : 'Copy URL'}
      </Menu.Item>
      <Menu.Separator className="menu-line" />
      <Menu.Item className="menu-item" onClick={() => void refetchEntries(ids)}>
        <RefreshCw aria-hidden />
        Refetch{words} now
      </Menu.Item>
      <Menu.Item
        className="menu-item"
        disabled={many}
        onClick={() => openCacheDialog({ kind: 'edit-ttl', entry })}
      >
        <Clock aria-hidden />
        Edit TTL…
      </Menu.Item>
      <Menu.Separator className="menu-line" />
      <Menu.Item
        className="menu-item danger"
        onClick={() => deleteEntries(ids, many ? bodyBytes : entry.bodyBytes)}
      >
        <Trash2 aria-hidden />
        Delete{words}
      </Menu.Item>
      <Menu.Item
        className="menu-item danger"
        disabled={many}
        onClick={() => openCacheDialog({ kind: 'delete-matching', pattern: patternFor(entry) })}
      >
        <FolderTree aria-hidden />
        Delete what matches its path…
      </Menu.Item>
    </>
  );
}

async function openInBrowser(url: string): Promise<void> {
  const answer = await ask('shell.open', { url });
  if (!answer.ok || !answer.value.opened) tellProblem('The browser was not opened', url);
}
