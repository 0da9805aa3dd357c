import type { ReactNode } from 'react';
import type { FieldLines } from '../../shared/exchange-summary';

export type Fact = readonly [name: string, value: ReactNode] | null;

/** Names and values; a null is left out. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact[0]} className="contents">
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** Field lines in wire order, names as they were written. */
export function FieldTable({ label, fields }: { readonly label: string; readonly fields: FieldLines }) {
  if (fields.length === 0) return <p className="text-sm text-muted">No fields.</p>;
  return (
    <table className="fields" aria-label={label}>
      <tbody>
        {fields.map(([name, value], index) => (
          // Names repeat, and the order is the wire's: the place is the identity.
          <tr key={index}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `name: value` lines, for the clipboard. */
export function fieldText(fields: FieldLines): string {
  return fields.map(([name, value]) => `${name}: ${value}`).join('\n');
}
