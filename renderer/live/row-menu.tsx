/** The context menu of a row of the log. */
import { Menu } from '@base-ui/react/menu';
import { Braces, Copy, ExternalLink, ListFilter, PackageOpen, SquareTerminal, Trash2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { RefObject } from 'react';
import { memo } from 'react';
import { useStore } from 'zustand';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import type { MenuPoint } from '../controls/point-menu';
import { PointMenu } from '../controls/point-menu';
import { copyText, deleteEntry } from '../app/engine-actions';
import { larderUrl } from '../details/larder-url';
import { engineStore } from '../state/engine-store';
import { openEntry } from '../state/window-store';
import { copyAsCurl, copyAsFetch, filterByPath, openInBrowser } from './row-actions';

export interface OpenRowMenu {
  readonly exchange: ExchangeSummary;
  readonly point: MenuPoint;
}

interface RowMenuProps {
  /** Null: closed. */
  readonly menu: OpenRowMenu | null;
  readonly onClose: () => void;
  readonly gridRef: RefObject<HTMLElement | null>;
}

export const RowMenu = memo(function RowMenu({ menu, onClose, gridRef }: RowMenuProps) {
  const point = menu?.point ?? null;
  return (
    <PointMenu label="Request" point={point} onClose={onClose} returnFocus={gridRef}>
      {menu !== null && <RowItems exchange={menu.exchange} />}
    </PointMenu>
  );
});

function RowItems({ exchange }: { readonly exchange: ExchangeSummary }) {
  const listening = useStore(engineStore, ({ status }) => status?.listen.kind === 'listening');
  const { entryId, method, target } = exchange;
  return (
    <>
      <RowItem icon={Copy} text="Copy URL" onClick={() => void copyText(larderUrl(target), 'the URL')} />
      <RowItem icon={SquareTerminal} text="Copy as cURL" onClick={() => void copyAsCurl(exchange)} />
      <RowItem icon={Braces} text="Copy as fetch" onClick={() => void copyAsFetch(exchange)} />
      <Menu.Separator className="menu-line" />
      <RowItem
        icon={ExternalLink}
        text="Open in browser"
        disabled={method !== 'GET' || !listening}
        onClick={() => void openInBrowser(exchange)}
      />
      <RowItem
        icon={PackageOpen}
        text="Open stored response"
        disabled={entryId === null}
        onClick={() => entryId !== null && openEntry(entryId)}
      />
      <RowItem
        icon={Trash2}
        text="Delete stored response"
        danger
        disabled={entryId === null}
        onClick={() => entryId !== null && void deleteEntry(entryId)}
      />
      <Menu.Separator className="menu-line" />
      <RowItem icon={ListFilter} text="Filter by this path" onClick={() => filterByPath(exchange)} />
    </>
  );
}

interface RowItemProps {
  readonly icon: LucideIcon;
  readonly text: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function RowItem({ icon: Icon, text, danger = false, disabled = false, onClick }: RowItemProps) {
  return (
    <Menu.Item className={danger ? 'menu-item danger' : 'menu-item'} disabled={disabled} onClick={onClick}>
      <Icon aria-hidden />
      {text}
    </Menu.Item>
  );
}
