/** JSON that opens and closes; only the visible lines exist. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useCallback, useMemo, useState } from 'react';
import { formatBytes, formatPlural } from '../../shared/format';
import { CodeLines } from './code-lines';
import type { JsonNode } from './json-document';
import type { JsonRow } from './json-rows';
import { jsonRows } from './json-rows';

const LONGEST_STRING = 400;

export function JsonTree({ root }: { readonly root: JsonNode }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => jsonRows(root, toggled), [root, toggled]);
  const toggle = useCallback((path: string) => {
    setToggled((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  }, []);
  return (
    <CodeLines
      label="Body as a tree"
      count={rows.length}
      renderLine={(index) => {
        const row = rows[index];
        return row === undefined ? null : (
          <JsonLine key={`${row.path} ${row.shape}`} row={row} onToggle={toggle} />
        );
      }}
    />
  );
}

interface JsonLineProps {
  readonly row: JsonRow;
  readonly onToggle: (path: string) => void;
}

function JsonLine({ row, onToggle }: JsonLineProps) {
  const depth = { '--depth': Math.min(row.depth, 40) } as CSSProperties;
  const opens = row.shape === 'open' || row.shape === 'closed';
  return (
    <div className="code-line json-line" style={depth}>
      {opens && (
        <button
          type="button"
          className="json-toggle"
          aria-expanded={row.shape === 'open'}
          aria-label={row.key ?? (row.depth === 0 ? 'The whole body' : 'Item')}
          onClick={() => onToggle(row.path)}
        >
          {row.shape === 'open' ? <ChevronDown aria-hidden /> : <ChevronRight aria-hidden />}
        </button>
      )}
      {row.key !== null && (
        <>
          <span className="json-key">{JSON.stringify(row.key)}</span>
          {': '}
        </>
      )}
      <JsonValue row={row} />
      {row.comma && ','}
    </div>
  );
}

function JsonValue({ row: { node, shape } }: { readonly row: JsonRow }) {
  if (node.kind !== 'object' && node.kind !== 'array')
    return <JsonScalar kind={node.kind} text={node.text} />;
  const [start, end] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  if (shape === 'open') return start;
  if (shape === 'end') return end;
  if (shape === 'value') return `${start}${end}`;
  const count = node.members.length;
  const words = node.kind === 'object' ? formatPlural(count, 'key') : formatPlural(count, 'item');
  return (
    <>
      {start} <span className="json-count">{words}</span> {end}
    </>
  );
}

interface JsonScalarProps {
  readonly kind: 'string' | 'number' | 'literal';
  readonly text: string;
}

function JsonScalar({ kind, text }: JsonScalarProps) {
  if (kind !== 'string') return <span className={`json-${kind}`}>{text}</span>;
  if (text.length <= LONGEST_STRING) return <span className="json-string">{JSON.stringify(text)}</span>;
  return (
    <>
      <span className="json-string">{JSON.stringify(text.slice(0, LONGEST_STRING)).slice(0, -1)}…</span>{' '}
      <span className="json-count">{formatBytes(text.length)}</span>
    </>
  );
}
