/** The stored response most like a request that went to the origin, and what differed, side by side. */
import { PackageOpen } from 'lucide-react';
import { differenceWords, type Shown } from '../../shared/difference-words';
import { escapeControls } from '../../shared/safe-text';
import { differingPart } from '../../shared/differing-part';
import type { ExchangeSummary } from '../../shared/exchange-summary';
import { formatClock, formatDurationWords } from '../../shared/format';
import type { Difference, NearestStored as Nearest } from '../../shared/nearest-stored';
import { ask } from '../bridge/larder-api';
import { openEntry } from '../state/window-store';
import { useAnswer } from './use-answer';

interface NearestStoredProps {
  readonly subject: string;
  readonly exchange: ExchangeSummary;
  /** Main still knows this exchange. Asked at once, shown only then: numbers start over with the engine. */
  readonly known: boolean;
}

export function NearestStored({ subject, exchange, known }: NearestStoredProps) {
  const answer = useAnswer(`nearest to ${subject}`, () => ask('exchange.nearest', { id: exchange.id }));
  if (answer.kind === 'waiting' || !known) return null;
  if (answer.kind === 'failed') {
    return <p className="mt-3 text-sm text-muted">The store cannot be searched: {answer.message}</p>;
  }
  if (answer.value === null) return null;
  return <NearestFound nearest={answer.value} exchange={exchange} />;
}

interface NearestFoundProps {
  readonly nearest: Nearest;
  readonly exchange: ExchangeSummary;
}

function NearestFound({ nearest, exchange }: NearestFoundProps) {
  const { entryId, url, storedAt, differences } = nearest;
  return (
    <div className="nearest">
      <h4>Nearest stored response</h4>
      {entryId === null ? (
        <p className="mono break-all select-text">{url}</p>
      ) : (
        <button
          type="button"
          className="nearest-link"
          title="Open it in Cache"
          onClick={() => openEntry(entryId)}
        >
          <PackageOpen aria-hidden />
          <span className="mono">{url}</span>
        </button>
      )}
      <p className="text-sm text-muted">
        {storedWords(storedAt, exchange.startedAt)}
        {entryId === null && ' It has been replaced or removed since.'}
      </p>
      <DifferenceTable differences={differences} startedAt={exchange.startedAt} />
    </div>
  );
}

function storedWords(storedAt: number, startedAt: number): string {
  const at = formatClock(storedAt);
  if (storedAt > startedAt) return `Stored after this request, at ${at}.`;
  return `Stored ${formatDurationWords((startedAt - storedAt) / 1000)} before this request, at ${at}.`;
}

interface DifferenceTableProps {
  readonly differences: readonly Difference[];
  readonly startedAt: number;
}

function DifferenceTable({ differences, startedAt }: DifferenceTableProps) {
  if (differences.length === 0) return null;
  return (
    <table className="differences" aria-label="What differed">
      <thead>
        <tr>
          <th scope="col">Differs in</th>
          <th scope="col">This request</th>
          <th scope="col">Stored</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => {
          const { what, name, here, there } = differenceWords(difference, startedAt);
          return (
            <tr key={`${difference.kind} ${name ?? ''}`}>
              <th scope="row">
                {what} {name !== null && <code>{name}</code>}
              </th>
              <td>
                <ShownValue shown={here} beside={there} />
              </td>
              <td>
                <ShownValue shown={there} beside={here} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Of two values, what they do not share is marked. */
function ShownValue({ shown, beside }: { readonly shown: Shown; readonly beside: Shown }) {
  if (!shown.isValue) return <span className="text-muted">{shown.text}</span>;
  const { before, differs, after } = differingPart(shown.text, beside.isValue ? beside.text : '');
  return (
    <code>
      {escapeControls(before)}
      {differs !== '' && <mark>{escapeControls(differs)}</mark>}
      {escapeControls(after)}
    </code>
  );
}
