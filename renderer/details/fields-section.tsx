/** The start line and the fields of one side of an exchange. */
import { ArrowDownAZ, Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { FieldLines } from '../../shared/exchange-summary';
import { copyText } from '../app/engine-actions';
import { windowStore } from '../state/window-store';
import { DetailsSection } from './details-frame';
import { FieldTable } from './field-table';

interface FieldsSectionProps {
  readonly name: 'Request' | 'Response';
  /** Null: not here, and `missing` says why. */
  readonly fields: FieldLines | null;
  readonly missing: string | null;
  /** The start line. */
  readonly children: ReactNode;
  /** Beneath the start line. */
  readonly note?: ReactNode;
}

export function FieldsSection({ name, fields, missing, children, note }: FieldsSectionProps) {
  const order = useStore(windowStore, (state) => state.fieldOrder);
  const side = name === 'Request' ? 'request' : 'response';
  return (
    <DetailsSection
      name={name}
      aside={fields !== null && fields.length > 0 && <FieldTools side={side} fields={fields} />}
    >
      {children !== null && <p className="start-line mono">{children}</p>}
      {note}
      {fields === null ? (
        <p className="text-sm text-muted">{missing}</p>
      ) : (
        <FieldTable side={side} fields={fields} order={order} />
      )}
    </DetailsSection>
  );
}

interface FieldToolsProps {
  readonly side: 'request' | 'response';
  readonly fields: FieldLines;
}

function FieldTools({ side, fields }: FieldToolsProps) {
  const order = useStore(windowStore, (state) => state.fieldOrder);
  return (
    <span className="ml-auto flex gap-0.5">
      <button
        type="button"
        className="btn ghost icon small"
        aria-label={`Sort ${side} fields by name`}
        aria-pressed={order === 'name'}
        title={order === 'name' ? 'Sorted by name: show in wire order' : 'Sort by name'}
        onClick={() => windowStore.setState({ fieldOrder: order === 'name' ? 'wire' : 'name' })}
      >
        <ArrowDownAZ aria-hidden />
      </button>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label={`Copy ${side} fields`}
        title="Copy all fields"
        onClick={() => void copyText(fieldText(fields), `the ${side} fields`)}
      >
        <Copy aria-hidden />
      </button>
    </span>
  );
}

/** `name: value` lines, in wire order. */
function fieldText(fields: FieldLines): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n');
}
