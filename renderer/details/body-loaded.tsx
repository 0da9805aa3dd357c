/** A body that is here: what it is, what is left out of it, the ways to show it, and taking it away. */
import { Copy, Download } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { formatBytes } from '../../shared/format';
import type { BodyPreview } from '../../shared/ipc/body-preview';
import { copyText } from '../app/engine-actions';
import { tell, tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import type { BodyKind, BodyView } from './body-kind';
import { bodyKind, mediaType } from './body-kind';
import type { ReadBody } from './body-messages';
import type { BodyReader } from './body-reader';
import { readBody } from './body-reader';
import type { BodySource } from './body-section';
import { bodyText } from './body-text';
import { BodyViews } from './body-views';
import { DetailsSection } from './details-frame';

interface LoadedBodyProps {
  readonly preview: BodyPreview;
  readonly source: BodySource | null;
}

/** As text, once the worker has read it; null while it does, and where it is no text. */
export type TextReading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly reader: BodyReader }
  | { readonly kind: 'failed'; readonly message: string; readonly again: () => void };

const READING: TextReading = { kind: 'reading' };

export function LoadedBody({ preview, source }: LoadedBodyProps) {
  const kind = useMemo(() => bodyKind(preview), [preview]);
  const reading = useReading(preview, kind);
  const read = reading.kind === 'read' ? reading.reader.body : null;
  const views = kind.views.filter((view) => view !== 'tree' || read === null || read.json !== null);
  const [chosen, setChosen] = useState<BodyView | null>(null);
  const view = chosen !== null && views.includes(chosen) ? chosen : (views[0] ?? 'hex');
  return (
    <DetailsSection name="Body" aside={<ViewChoice views={views} view={view} onChange={setChosen} />}>
      <p className="body-facts">{factsOf(preview, read).join(' · ')}</p>
      <BodyNotices preview={preview} problem={read?.problem ?? null} source={source} />
      <div className="mb-2 flex flex-wrap gap-1.5">
        {kind.views.includes('text') && !preview.truncated && (
          <button type="button" className="btn small" onClick={() => void copyBody(preview)}>
            <Copy aria-hidden />
            Copy body
          </button>
        )}
        {source !== null && preview.keptWhole && (
          <button type="button" className="btn small" onClick={() => void saveBody(source)}>
            <Download aria-hidden />
            Save body as…
          </button>
        )}
      </div>
      <BodyViews preview={preview} view={view} language={kind.language} reading={reading} />
    </DetailsSection>
  );
}

/** Reads it in the worker where it is text, again when asked, and lets go of it afterwards. */
function useReading(preview: BodyPreview, kind: BodyKind): TextReading {
  const [reading, setReading] = useState(READING);
  const [attempt, setAttempt] = useState(0);
  const isText = kind.views.includes('text');
  const json = kind.views.includes('tree');
  useEffect(() => {
    if (!isText) return undefined;
    let current = true;
    let reader: BodyReader | null = null;
    const { bytes, contentType, truncated } = preview;
    readBody({ bytes, contentType, truncated }, json).then(
      (read) => {
        if (!current) return read.dispose();
        reader = read;
        setReading({ kind: 'read', reader });
      },
      (error: unknown) => {
        const message = `The body cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        const again = () => {
          setReading(READING);
          setAttempt((before) => before + 1);
        };
        if (current) setReading({ kind: 'failed', message, again });
      },
    );
    return () => {
      current = false;
      reader?.dispose();
    };
  }, [preview, isText, json, attempt]);
  return reading;
}

function factsOf(
  { contentType, contentEncoding, undecoded, totalBytes }: BodyPreview,
  read: ReadBody | null,
) {
  const type = mediaType(contentType);
  const decoded = contentEncoding === null || undecoded !== null ? null : `${contentEncoding}, decoded`;
  const charset = read === null ? null : (CHARSET_NAMES[read.charset] ?? read.charset);
  const facts = [type === '' ? 'no Content-Type' : type, charset, decoded, formatBytes(totalBytes)];
  return facts.filter((fact) => fact !== null);
}

const CHARSET_NAMES: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'windows-1252': 'Windows-1252',
};

interface BodyNoticesProps {
  readonly preview: BodyPreview;
  readonly problem: string | null;
  readonly source: BodySource | null;
}

function BodyNotices({ preview, problem, source }: BodyNoticesProps) {
  const notices = [cutNotice(preview, source), undecodedNotice(preview), problemNotice(preview, problem)];
  return notices.map((notice) =>
    notice === null ? null : (
      <p key={notice} className="body-notice">
        {notice}
      </p>
    ),
  );
}

function cutNotice(preview: BodyPreview, source: BodySource | null): string | null {
  if (!preview.truncated) return null;
  const shown = `Showing the first ${formatBytes(preview.bytes.byteLength)} of ${formatBytes(preview.totalBytes)}.`;
  if (!preview.keptWhole) return `${shown} Of a large body that is not stored, only its beginning is kept.`;
  return source === null ? shown : `${shown} Save it to have it whole.`;
}

function undecodedNotice({ undecoded }: BodyPreview): string | null {
  if (undecoded === null) return null;
  return `Sent with Content-Encoding ${undecoded}, which cannot be undone here: these are the bytes as sent.`;
}

function problemNotice({ truncated }: BodyPreview, problem: string | null): string | null {
  if (problem === null) return null;
  return truncated
    ? 'Cut off, so there is no tree of it.'
    : `There is no tree of it: ${lowerFirst(problem)}.`;
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);

const VIEW_NAMES: Readonly<Record<BodyView, string>> = {
  tree: 'Tree',
  text: 'Raw',
  image: 'Image',
  hex: 'Hex',
};

interface ViewChoiceProps {
  readonly views: readonly BodyView[];
  readonly view: BodyView;
  readonly onChange: (view: BodyView) => void;
}

function ViewChoice({ views, view, onChange }: ViewChoiceProps) {
  if (views.length < 2) return null;
  return (
    <div role="group" aria-label="Show the body as" className="body-choice">
      {views.map((name) => (
        <button key={name} type="button" aria-pressed={name === view} onClick={() => onChange(name)}>
          {VIEW_NAMES[name]}
        </button>
      ))}
    </div>
  );
}

/** As it was sent, to the line ends. */
function copyBody(preview: BodyPreview): Promise<void> {
  return copyText(bodyText(preview).text, 'the body');
}

async function saveBody(source: BodySource): Promise<void> {
  const answer =
    source.channel === 'cache.save-body'
      ? await ask(source.channel, { id: source.id })
      : await ask(source.channel, { id: source.id });
  if (!answer.ok) tellProblem('The body was not saved', answer.error.message);
  else if (answer.value.saved) tell('Saved the body');
}
