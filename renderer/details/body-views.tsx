/** The view of a body that was chosen. What shows source comes when it is first asked for. */
import { lazy, Suspense } from 'react';
import type { BodyPreview } from '../../shared/ipc/body-preview';
import { BodyHex } from './body-hex';
import type { BodyLanguage, BodyView } from './body-kind';
import { mediaType } from './body-kind';
import type { TextReading } from './body-loaded';
import { ImageView } from './image-view';
import { JsonTree } from './json-tree';

const BodySource = lazy(async () => ({ default: (await import('./body-source')).BodySource }));

interface BodyViewsProps {
  readonly preview: BodyPreview;
  readonly view: BodyView;
  readonly language: BodyLanguage;
  readonly reading: TextReading;
}

export function BodyViews({ preview, view, language, reading }: BodyViewsProps) {
  if (view === 'image') return <ImageView bytes={preview.bytes} type={mediaType(preview.contentType)} />;
  if (view === 'hex') return <BodyHex bytes={preview.bytes} />;
  if (reading.kind === 'reading') return <Waiting />;
  if (reading.kind === 'failed') {
    return (
      <>
        <p className="body-notice">{reading.message}</p>
        <button type="button" className="btn small" onClick={reading.again}>
          Try again
        </button>
      </>
    );
  }
  const { reader } = reading;
  if (view === 'tree' && reader.body.json !== null)
    return <JsonTree reader={reader} index={reader.body.json} />;
  return (
    <Suspense fallback={<Waiting />}>
      <BodySource reader={reader} language={language} />
    </Suspense>
  );
}

function Waiting() {
  return <p className="text-sm text-muted">Loading…</p>;
}
