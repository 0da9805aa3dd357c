/** One value of a tree: its key, and itself or what it holds. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import type { CSSProperties } from 'react';
import { memo } from 'react';
import { formatBytes, formatPlural } from '../../shared/format';
import { escapeControls } from '../../shared/safe-text';
import { markedParts, searchPattern } from './body-search';
import type { JsonIndex } from './json-index';
import { jsonKind, keyOf, valueText } from './json-index';

const LONGEST_STRING = 400;
const BEFORE_MATCH = 60;
const PREVIEW = 160;
const DEEPEST_INDENT = 40;

interface JsonTreeRowProps {
  readonly id: string;
  readonly text: string;
  readonly index: JsonIndex;
  readonly node: number;
  readonly open: boolean;
  readonly active: boolean;
  /** What is searched for: marked where it stands. */
  readonly query: string;
}

export const JsonTreeRow = memo(function JsonTreeRow(props: JsonTreeRowProps) {
  const { id, text, index, node, open, active, query } = props;
  const depth = index.depth[node] ?? 0;
  const opens = (index.members[node] ?? 0) > 0;
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={(index.place[node] ?? 0) + 1}
      aria-setsize={index.members[index.parent[node] ?? -1] ?? 1}
      aria-expanded={opens ? open : undefined}
      aria-selected={active}
      className={`code-line json-line ${opens && !open ? 'json-closed' : ''}`}
      style={{ '--depth': Math.min(depth, DEEPEST_INDENT) } as CSSProperties}
      data-node={node}
    >
      {opens && (
        <span className="json-toggle" aria-hidden>
          {open ? <ChevronDown /> : <ChevronRight />}
        </span>
      )}
      <JsonKey text={text} index={index} node={node} query={query} />
      <JsonValue text={text} index={index} node={node} query={query} open={open} />
    </div>
  );
});

type PartProps = Pick<JsonTreeRowProps, 'text' | 'index' | 'node' | 'query'>;

function JsonKey({ text, index, node, query }: PartProps) {
  const key = keyOf(text, index, node);
  if (key !== null) {
    return (
      <>
        <span className="json-key">
          <Marked text={key === '' ? '""' : key} query={query} />
        </span>
        {': '}
      </>
    );
  }
  if (index.parent[node] === -1) return null;
  return (
    <>
      <span className="json-place">{index.place[node]}</span>
      {': '}
    </>
  );
}

function JsonValue({ text, index, node, query, open }: PartProps & { readonly open: boolean }) {
  const start = index.start[node] ?? 0;
  const kind = jsonKind(text, start);
  if (kind === 'object' || kind === 'array') {
    const count = index.members[node] ?? 0;
    if (count === 0) return kind === 'object' ? '{}' : '[]';
    const words = kind === 'object' ? formatPlural(count, 'key') : formatPlural(count, 'item');
    const preview = text.slice(start, Math.min(index.end[node] ?? 0, start + PREVIEW));
    return (
      <>
        <span className="json-count">{words}</span>
        {!open && <span className="json-preview">{escapeControls(preview.replace(/\s+/g, ' '))}</span>}
      </>
    );
  }
  const value = valueText(text, index, node);
  if (kind !== 'string') {
    return (
      <span className={`json-${kind}`}>
        <Marked text={value} query={query} />
      </span>
    );
  }
  return <JsonString value={value} query={query} />;
}

function JsonString({ value, query }: { readonly value: string; readonly query: string }) {
  const long = value.length > LONGEST_STRING;
  const from = long ? windowStart(value, query) : 0;
  const part = value.slice(from, from + LONGEST_STRING);
  return (
    <>
      <span className="json-string">
        {from === 0 ? '"' : '…'}
        <Marked text={JSON.stringify(part).slice(1, -1)} query={query} />
        {from + part.length < value.length ? '…' : '"'}
      </span>
      {long && <span className="json-count"> {formatBytes(value.length)}</span>}
    </>
  );
}

/** Where to begin to show a long string: so that what is searched for is in it. */
function windowStart(value: string, query: string): number {
  const at = searchPattern(query)?.exec(value)?.index ?? 0;
  return at < LONGEST_STRING - BEFORE_MATCH ? 0 : at - BEFORE_MATCH;
}

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  if (query === '') return escapeControls(text);
  return markedParts(text, query).map((part, at) =>
    // A part has nothing but its place to be known by.
    part.marked ? <mark key={at}>{escapeControls(part.text)}</mark> : escapeControls(part.text),
  );
}
