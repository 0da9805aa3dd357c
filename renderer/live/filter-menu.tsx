/** Methods and status classes to tick; what is ticked stands as terms in the filter box. */
import { Menu } from '@base-ui/react/menu';
import { Check, ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { liveLog } from '../state/live-log';
import type { FilterKey } from '../state/log-filter';
import { filterValues, withFilterValues } from '../state/log-filter';
import { MenuPortal } from '../controls/menu-portal';

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;
const COMMON_METHODS = ['GET', 'POST'] as const;

export function FilterMenu() {
  const text = useStore(liveLog.store, (state) => state.filterText);
  const [methods, setMethods] = useState<readonly string[]>(COMMON_METHODS);
  const ticked = filterValues(text, 'method').length + filterValues(text, 'status').length;
  return (
    <Menu.Root modal={false} onOpenChange={(open) => open && setMethods(methodsSeen())}>
      <Menu.Trigger
        className={ticked > 0 ? 'btn ghost icon on' : 'btn ghost icon'}
        aria-label="Method and status"
        title="Filter by method and status"
      >
        <ListFilter aria-hidden />
      </Menu.Trigger>
      <MenuPortal>
        <Menu.Positioner
          className="menu-positioner"
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
        >
          <Menu.Popup className="menu" aria-label="Method and status">
            <TickGroup name="Method" field="method" values={methods} text={text} />
            <Menu.Separator className="menu-line" />
            <TickGroup name="Status" field="status" values={STATUS_CLASSES} text={text} />
          </Menu.Popup>
        </Menu.Positioner>
      </MenuPortal>
    </Menu.Root>
  );
}

function methodsSeen(): readonly string[] {
  const seen = new Set<string>(COMMON_METHODS);
  for (const { method } of liveLog.exchanges()) seen.add(method);
  return [...seen];
}

interface TickGroupProps {
  readonly name: string;
  readonly field: FilterKey;
  readonly values: readonly string[];
  readonly text: string;
}

function TickGroup({ name, field, values, text }: TickGroupProps) {
  const ticked = filterValues(text, field);
  const tick = (value: string, on: boolean) => {
    const others = ticked.filter((other) => other !== value.toLowerCase());
    const { outcomes } = liveLog.store.getState();
    liveLog.setFilter(withFilterValues(text, field, on ? [...others, value] : others), outcomes);
  };
  return (
    <Menu.Group>
      <Menu.GroupLabel className="menu-head">{name}</Menu.GroupLabel>
      {values.map((value) => (
        <Menu.CheckboxItem
          key={value}
          className="menu-item"
          checked={ticked.includes(value.toLowerCase())}
          onCheckedChange={(on) => tick(value, on)}
          closeOnClick={false}
        >
          <span className="menu-mark">
            <Menu.CheckboxItemIndicator>
              <Check aria-hidden />
            </Menu.CheckboxItemIndicator>
          </span>
          <span className="mono">{value}</span>
        </Menu.CheckboxItem>
      ))}
    </Menu.Group>
  );
}
