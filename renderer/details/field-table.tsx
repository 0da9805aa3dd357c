/** Field lines as the wire had them: what matters to a cache explained, credentials withheld, each to be copied. */
import { Copy, Eye } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { MessageSide } from '../../shared/cache-control-words';
import type { FieldLines } from '../../shared/exchange-summary';
import { fieldExplanation, type FieldNote } from '../../shared/field-explanations';
import { isSecretField } from '../../shared/field-secrecy';
import { escapeControls } from '../../shared/safe-text';
import { copyText } from '../app/engine-actions';

/** `wire`: as received, in order; `name`: by name, lines of one name in their order. */
export type FieldOrder = 'wire' | 'name';

interface FieldTableProps {
  readonly side: MessageSide;
  readonly fields: FieldLines;
  readonly order: FieldOrder;
}

interface Row {
  /** Place on the wire: names repeat. */
  readonly index: number;
  readonly line: FieldLines[number];
  readonly notes: readonly FieldNote[];
}

export function FieldTable({ side, fields, order }: FieldTableProps) {
  const rows = useMemo(() => tableRows(side, fields, order), [side, fields, order]);
  if (rows.length === 0) return <p className="text-sm text-muted">No fields.</p>;
  return (
    <table className="fields" aria-label={side === 'request' ? 'Request fields' : 'Response fields'}>
      <colgroup>
        <col className="field-names" />
        <col />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <FieldRow key={row.index} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function tableRows(side: MessageSide, fields: FieldLines, order: FieldOrder): readonly Row[] {
  const rows = fields.map((line, index) => ({
    index,
    line,
    notes: fieldExplanation(line, { side, fields }),
  }));
  return order === 'wire' ? rows : rows.sort((left, right) => compareNames(left.line[0], right.line[0]));
}

function compareNames(left: string, right: string): number {
  const [first, second] = [left.toLowerCase(), right.toLowerCase()];
  return first < second ? -1 : first > second ? 1 : 0;
}

function FieldRow({ row }: { readonly row: Row }) {
  const [name, value] = row.line;
  const [shown, setShown] = useState(false);
  const withheld = !shown && value !== '' && isSecretField(name);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {withheld ? (
          <button
            type="button"
            className="field-show"
            aria-label={`Show ${name}`}
            onClick={() => setShown(true)}
          >
            <span aria-hidden>••••••••</span>
            <Eye aria-hidden />
            Show
          </button>
        ) : (
          <span>{escapeControls(value)}</span>
        )}
        <Notes notes={row.notes} />
        <button
          type="button"
          className="btn ghost icon field-copy"
          aria-label={`Copy ${name}`}
          title={`Copy ${name}`}
          onClick={() => void copyText(value, name)}
        >
          <Copy aria-hidden />
        </button>
      </td>
    </tr>
  );
}

function Notes({ notes }: { readonly notes: readonly FieldNote[] }) {
  return notes.map(({ about, words }, index) => (
    // They follow from the value alone: the place is the identity.
    <p key={index} className="field-words">
      {about !== null && <code>{escapeControls(about)} </code>}
      {escapeControls(words)}
    </p>
  ));
}
