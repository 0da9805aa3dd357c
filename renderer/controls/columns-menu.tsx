/** The menu of a grid's columns: in the toolbar, and on the heads by the right button. */
import { Menu } from '@base-ui/react/menu';
import { Check, Columns3, RotateCcw } from 'lucide-react';
import { useStore } from 'zustand';
import type { Columns } from './columns';
import { MenuPortal } from './menu-portal';

interface ColumnItemsProps<Id extends string> {
  readonly columns: Columns<Id>;
}

/** One item for each column that can be hidden, and one to have them as they were. */
export function ColumnItems<Id extends string>({ columns }: ColumnItemsProps<Id>) {
  const visible = useStore(columns.store, (state) => state.visible);
  return (
    <>
      {columns.all
        .filter(({ always }) => always !== true)
        .map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            className="menu-item"
            checked={visible.includes(column)}
            onCheckedChange={(seen) => columns.show(column.id, seen)}
            closeOnClick={false}
          >
            <span className="menu-mark">
              <Menu.CheckboxItemIndicator>
                <Check aria-hidden />
              </Menu.CheckboxItemIndicator>
            </span>
            {column.name}
          </Menu.CheckboxItem>
        ))}
      <Menu.Separator className="menu-line" />
      <Menu.Item className="menu-item" onClick={() => columns.reset()}>
        <span className="menu-mark">
          <RotateCcw aria-hidden />
        </span>
        Reset columns
      </Menu.Item>
    </>
  );
}

/** The button for the toolbar. */
export function ColumnsMenu<Id extends string>({ columns }: ColumnItemsProps<Id>) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="btn ghost icon" aria-label="Columns" title="Choose the columns">
        <Columns3 aria-hidden />
      </Menu.Trigger>
      <MenuPortal>
        <Menu.Positioner
          className="menu-positioner"
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
        >
          <Menu.Popup className="menu" aria-label="Columns">
            <ColumnItems columns={columns} />
          </Menu.Popup>
        </Menu.Positioner>
      </MenuPortal>
    </Menu.Root>
  );
}
