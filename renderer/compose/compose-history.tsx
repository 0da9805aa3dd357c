import { Menu } from '@base-ui/react/menu';
import { History } from 'lucide-react';
import { useStore } from 'zustand';
import { changeDraft, composeStore } from '../state/compose-store';

/** The last requests that were sent from here; credentials are not kept with them. */
export function ComposeHistory() {
  const history = useStore(composeStore, (state) => state.history);
  if (history.length === 0) return null;
  return (
    <Menu.Root>
      <Menu.Trigger className="btn ghost">
        <History aria-hidden />
        Earlier requests
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-positioner" align="start" side="top" sideOffset={4}>
          <Menu.Popup className="menu compose-history">
            {history.map((request) => (
              <Menu.Item
                key={JSON.stringify(request)}
                className="menu-item"
                onClick={() => changeDraft(request)}
              >
                <span className="mono w-14 flex-none text-muted">{request.method}</span>
                <span className="mono min-w-0 flex-1 truncate">{request.target}</span>
                {request.body !== '' && <span className="text-sm text-muted">body</span>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
