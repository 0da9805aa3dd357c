/** JSON as a tree that opens and closes, is walked with the arrow keys and searched; only visible rows exist. */
import type { KeyboardEvent, MouseEvent } from 'react';
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { copyText } from '../app/engine-actions';
import { BodyFrame, isMod } from './body-find';
import type { BodyReader } from './body-reader';
import { createBodySearch, placeOf } from './body-search-store';
import type { LinesHandle } from './code-lines';
import { CodeLines } from './code-lines';
import type { JsonIndex } from './json-index';
import { valueText } from './json-index';
import { jsonPath } from './json-path';
import type { Openness } from './json-rows';
import { isOpen, OPEN_AT_FIRST, revealed, rowOf, visibleNodes, withToggled } from './json-rows';
import { JsonPathBar } from './json-path-bar';
import { JsonTreeRow } from './json-tree-row';
import { JsonTreeTools } from './json-tree-tools';
import type { TreeState } from './json-tree-state';
import { treeAfterKey } from './json-tree-state';

interface JsonTreeProps {
  readonly reader: BodyReader;
  readonly index: JsonIndex;
}

export function JsonTree({ reader, index }: JsonTreeProps) {
  const { text } = reader.body;
  const id = useId();
  const linesRef = useRef<LinesHandle>(null);
  const tree = useTree(reader, index);
  const { rows, active, activeRow, openness, search, setState } = tree;
  const query = useStore(search.store, (found) => found.query);
  useEffect(() => linesRef.current?.reveal(activeRow), [activeRow]);
  const copyPath = () => void copyText(jsonPath(text, index, active), 'the path');
  const copyValue = () => void copyText(valueText(text, index, active), 'the value');
  const onKeyDown = (event: KeyboardEvent) => {
    const page = linesRef.current?.page() ?? 1;
    const next = treeAfterKey(event.key, { openness, active }, { index, rows, page });
    if (isCopyKey(event)) (event.shiftKey ? copyPath : copyValue)();
    else if (next !== null && !isMod(event) && !event.altKey) setState(next);
    else return;
    event.preventDefault();
  };
  return (
    <BodyFrame
      search={search}
      tools={<JsonTreeTools onOpen={(next) => setState({ openness: next, active })} />}
    >
      <CodeLines
        handle={linesRef}
        count={rows.length}
        attributes={{
          role: 'tree',
          'aria-label': 'Body as a tree',
          'aria-activedescendant': `${id}-${active}`,
          onKeyDown,
          onClick: (event) => setState(afterClick(event, openness) ?? { openness, active }),
        }}
        renderLine={(row) => {
          const node = rows[row] ?? 0;
          const open = isOpen(index, node, openness);
          const shared = { text, index, node, open, query };
          return <JsonTreeRow key={node} id={`${id}-${node}`} active={node === active} {...shared} />;
        }}
      />
      <JsonPathBar path={jsonPath(text, index, active)} onCopyPath={copyPath} onCopyValue={copyValue} />
    </BodyFrame>
  );
}

function useTree(reader: BodyReader, index: JsonIndex) {
  const [state, setState] = useState<TreeState>({ openness: OPEN_AT_FIRST, active: 0 });
  const { openness } = state;
  const search = useMemo(() => createBodySearch((query) => reader.find(query, 'tree')), [reader]);
  useFollowSearch(search, (node) =>
    setState((before) => ({ openness: revealed(index, node, before.openness), active: node })),
  );
  const rows = useMemo(() => visibleNodes(index, openness), [index, openness]);
  const activeRow = rowOf(rows, state.active);
  // Closing what is around it leaves the keys on what closed.
  return { rows, activeRow, active: rows[activeRow] ?? 0, openness, search, setState };
}

/** A click chooses a value; on its arrow, or the second of two, it opens or closes it. */
function afterClick(event: MouseEvent, openness: Openness): TreeState | null {
  const target = event.target instanceof Element ? event.target : null;
  const node = Number(target?.closest<HTMLElement>('[data-node]')?.dataset['node'] ?? Number.NaN);
  if (target === null || Number.isNaN(node)) return null;
  const toggles = target.closest('.json-toggle') !== null || event.detail === 2;
  return { openness: toggles ? withToggled(openness, [node]) : openness, active: node };
}

/** Goes where the search does. */
function useFollowSearch(search: ReturnType<typeof createBodySearch>, arrive: (node: number) => void): void {
  const onArrive = useEffectEvent(arrive);
  useEffect(
    () =>
      search.store.subscribe((now, before) => {
        const place = placeOf(now);
        if (place !== undefined && (now.found !== before.found || now.current !== before.current))
          onArrive(place);
      }),
    [search],
  );
}

/** Not where a person has marked something: that is then copied. */
function isCopyKey(event: KeyboardEvent): boolean {
  return isMod(event) && event.key.toLowerCase() === 'c' && (window.getSelection()?.isCollapsed ?? true);
}
