/** A context menu: opens where the pointer or the active row is, and gives the focus back. */
import { Menu } from '@base-ui/react/menu';
import type { ReactNode, RefObject } from 'react';
import { useMemo, useState } from 'react';
import { MenuPortal } from './menu-portal';

/** In CSS pixels from the window's corner. */
export interface MenuPoint {
  readonly x: number;
  readonly y: number;
}

interface PointMenuProps {
  readonly label: string;
  /** Null: closed. */
  readonly point: MenuPoint | null;
  readonly onClose: () => void;
  /** What gets the focus afterwards. */
  readonly returnFocus?: RefObject<HTMLElement | null>;
  /** `Menu.Item` and its like. */
  readonly children: ReactNode;
}

export function PointMenu({ label, point, onClose, returnFocus, children }: PointMenuProps) {
  // Where it was goes on to be its place while it fades.
  const [last, setLast] = useState(point);
  if (point !== null && point !== last) setLast(point);
  const anchor = useMemo(
    () => ({ getBoundingClientRect: () => new DOMRect(last?.x ?? 0, last?.y ?? 0, 0, 0) }),
    [last],
  );
  return (
    <Menu.Root open={point !== null} onOpenChange={(open) => !open && onClose()} modal={false}>
      <MenuPortal>
        <Menu.Positioner
          className="menu-positioner"
          anchor={anchor}
          side="bottom"
          align="start"
          collisionPadding={8}
        >
          <Menu.Popup className="menu" aria-label={label} finalFocus={returnFocus ?? true}>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </MenuPortal>
    </Menu.Root>
  );
}
