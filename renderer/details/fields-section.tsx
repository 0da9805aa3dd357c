import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FieldLines } from '../../shared/exchange-summary';
import { copyText } from '../app/engine-actions';
import { DetailsSection } from './details-frame';
import { FieldTable, fieldText } from './fact-list';

interface FieldsSectionProps {
  readonly name: 'Request' | 'Response';
  /** Null: not here, and `missing` says why. */
  readonly fields: FieldLines | null;
  readonly missing: string | null;
  /** The start line. */
  readonly children: ReactNode;
}

/** The start line and the fields of one side. */
export function FieldsSection({ name, fields, missing, children }: FieldsSectionProps) {
  const copy = fields !== null && fields.length > 0 && (
    <button
      type="button"
      className="btn ghost icon small ml-auto"
      aria-label={`Copy ${name.toLowerCase()} fields`}
      title="Copy fields"
      onClick={() => void copyText(fieldText(fields), 'the fields')}
    >
      <Copy aria-hidden />
    </button>
  );
  return (
    <DetailsSection name={name} aside={copy}>
      {children !== null && <p className="mono mb-1 break-all select-text">{children}</p>}
      {fields === null ? (
        <p className="text-sm text-muted">{missing}</p>
      ) : (
        <FieldTable label={`${name} fields`} fields={fields} />
      )}
    </DetailsSection>
  );
}
