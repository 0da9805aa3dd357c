/** The Body section of Details: what there is of a body, or why there is none. */
import type { BodyPreview } from '../../shared/ipc/body-preview';
import type { IpcResult } from '../../shared/ipc-contract';
import { LoadedBody } from './body-loaded';
import { DetailsSection } from './details-frame';
import { useAnswer } from './use-answer';

interface BodySectionProps {
  /** Another one is asked for anew. */
  readonly subject: string;
  readonly load: () => Promise<IpcResult<BodyPreview | null>>;
  /** Why there is nothing to load; null: load. */
  readonly missing: string | null;
  /** The exchange whose body it is; none: that of the stored response. */
  readonly exchangeId?: number;
  readonly entryId: string | null;
}

export function BodySection({ subject, load, missing, exchangeId, entryId }: BodySectionProps) {
  if (missing !== null) return <NoBody text={missing} />;
  const source = sourceOf(exchangeId, entryId);
  return <AskedBody key={subject} subject={subject} load={load} source={source} />;
}

/** Which body can be saved whole; null: none. */
export type BodySource =
  | { readonly channel: 'exchange.save-body'; readonly id: number }
  | { readonly channel: 'cache.save-body'; readonly id: string };

function sourceOf(exchangeId: number | undefined, entryId: string | null): BodySource | null {
  if (exchangeId !== undefined) return { channel: 'exchange.save-body', id: exchangeId };
  return entryId === null ? null : { channel: 'cache.save-body', id: entryId };
}

interface AskedBodyProps extends Pick<BodySectionProps, 'subject' | 'load'> {
  readonly source: BodySource | null;
}

function AskedBody({ subject, load, source }: AskedBodyProps) {
  const answer = useAnswer(`body of ${subject}`, load);
  switch (answer.kind) {
    case 'waiting':
      return <NoBody text="Loading…" />;
    case 'failed':
      return <NoBody text={answer.message} again={answer.again} />;
    case 'here':
      if (answer.value === null) return <NoBody text="No longer kept." />;
      if (answer.value.totalBytes === 0) return <NoBody text="No body." />;
      return <LoadedBody preview={answer.value} source={source} />;
    default:
      return answer satisfies never;
  }
}

interface NoBodyProps {
  readonly text: string;
  readonly again?: () => void;
}

function NoBody({ text, again }: NoBodyProps) {
  return (
    <DetailsSection name="Body">
      <p className="text-sm text-muted">{text}</p>
      {again !== undefined && (
        <button type="button" className="btn small mt-2" onClick={again}>
          Try again
        </button>
      )}
    </DetailsSection>
  );
}
