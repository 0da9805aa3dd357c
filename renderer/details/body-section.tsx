/** A body, shown without running any of it: JSON tree, text, image or hex. */
import { Copy, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatBytes } from '../../shared/format';
import type { BodyPreview } from '../../shared/ipc/body-preview';
import type { IpcResult } from '../../shared/ipc-contract';
import { copyText } from '../app/engine-actions';
import { tell, tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import type { BodyView } from './body-kind';
import { bodyKind, decodeText, mediaType } from './body-kind';
import { HexView, TextView } from './code-views';
import { DetailsSection } from './details-frame';
import { ImageView } from './image-view';
import type { JsonNode } from './json-document';
import { parseJsonDocument } from './json-document';
import { JsonTree } from './json-tree';
import { useAnswer } from './use-answer';

interface BodySectionProps {
  readonly subject: string;
  readonly load: () => Promise<IpcResult<BodyPreview | null>>;
  /** Why there is nothing to load; null: load. */
  readonly missing: string | null;
  /** The stored response it can be saved from. */
  readonly entryId: string | null;
}

export function BodySection({ subject, load, missing, entryId }: BodySectionProps) {
  if (missing !== null) {
    return (
      <DetailsSection name="Body">
        <p className="text-sm text-muted">{missing}</p>
      </DetailsSection>
    );
  }
  return <LoadedBody key={subject} subject={subject} load={load} entryId={entryId} />;
}

function LoadedBody({ subject, load, entryId }: Omit<BodySectionProps, 'missing'>) {
  const answer = useAnswer(`body of ${subject}`, load);
  if (answer.kind === 'here' && answer.value !== null && answer.value.totalBytes > 0) {
    return <BodyHere preview={answer.value} entryId={entryId} />;
  }
  return (
    <DetailsSection name="Body">
      <p className="text-sm text-muted">
        {answer.kind === 'waiting' && 'Loading…'}
        {answer.kind === 'failed' && answer.message}
        {answer.kind === 'here' && (answer.value === null ? 'No longer kept.' : 'No body.')}
      </p>
    </DetailsSection>
  );
}

const VIEW_NAMES: Readonly<Record<BodyView, string>> = {
  tree: 'Tree',
  text: 'Raw',
  image: 'Image',
  hex: 'Hex',
};

interface BodyHereProps {
  readonly preview: BodyPreview;
  readonly entryId: string | null;
}

function BodyHere({ preview, entryId }: BodyHereProps) {
  const { kind, text, json } = useMemo(() => readBody(preview), [preview]);
  const views = kind.views.filter((view) => view !== 'tree' || json !== null);
  const [chosen, setChosen] = useState<BodyView | null>(null);
  const view = chosen ?? views[0] ?? 'hex';
  const aside = (
    <>
      <span className="text-sm text-muted">{formatBytes(preview.totalBytes)}</span>
      <ViewChoice views={views} view={view} onChange={setChosen} />
    </>
  );
  return (
    <DetailsSection name="Body" aside={aside}>
      <BodyNotice preview={preview} />
      <div className="mb-2.5 flex gap-1.5">
        {text !== null && !preview.truncated && (
          <button type="button" className="btn small" onClick={() => void copyText(text, 'the body')}>
            <Copy aria-hidden />
            Copy body
          </button>
        )}
        {entryId !== null && (
          <button type="button" className="btn small" onClick={() => void saveBody(entryId)}>
            <Download aria-hidden />
            Save body as…
          </button>
        )}
      </div>
      {view === 'tree' && json !== null && <JsonTree root={json} />}
      {view === 'text' && <TextView text={text ?? ''} />}
      {view === 'image' && <ImageView bytes={preview.bytes} type={mediaType(preview.contentType)} />}
      {view === 'hex' && <HexView bytes={preview.bytes} />}
    </DetailsSection>
  );
}

interface ReadBody {
  readonly kind: ReturnType<typeof bodyKind>;
  /** Null where it is not text. */
  readonly text: string | null;
  readonly json: JsonNode | null;
}

function readBody(preview: BodyPreview): ReadBody {
  const kind = bodyKind(preview);
  const isText = kind.views.includes('text');
  const text = isText ? decodeText(preview.bytes, kind.charset) : null;
  return { kind, text, json: kind.views.includes('tree') ? tryJson(text ?? '') : null };
}

/** Null where it is cut off or broken: then the raw text is what there is to show. */
function tryJson(text: string): JsonNode | null {
  try {
    return parseJsonDocument(text);
  } catch {
    return null;
  }
}

function BodyNotice({ preview }: { readonly preview: BodyPreview }) {
  if (!preview.truncated) return null;
  return (
    <p className="mb-2 rounded-md bg-(--miss-bg) px-2.5 py-1.5 text-sm text-miss">
      The first {formatBytes(preview.bytes.byteLength)} of {formatBytes(preview.totalBytes)}.
    </p>
  );
}

interface ViewChoiceProps {
  readonly views: readonly BodyView[];
  readonly view: BodyView;
  readonly onChange: (view: BodyView) => void;
}

function ViewChoice({ views, view, onChange }: ViewChoiceProps) {
  if (views.length < 2) return null;
  return (
    <div role="group" aria-label="Show the body as" className="ml-auto flex">
      {views.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === view}
          className={`btn ghost small ${name === view ? 'font-semibold text-text!' : ''}`}
          onClick={() => onChange(name)}
        >
          {VIEW_NAMES[name]}
        </button>
      ))}
    </div>
  );
}

async function saveBody(id: string): Promise<void> {
  const answer = await ask('cache.save-body', { id });
  if (!answer.ok) tellProblem('The body was not saved', answer.error.message);
  else if (answer.value.saved) tell('Saved the body');
}
