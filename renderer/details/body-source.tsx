/** A body as source: in an editor that shows any length of it, highlighted, searched, and never changed. */
import { WrapText } from 'lucide-react';
import type { RefObject } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { BodyEditor } from './body-editor';
import { openBodyEditor } from './body-editor';
import { BodyFrame } from './body-find';
import { useBodyHeight } from './body-height';
import type { BodyLanguage } from './body-kind';
import type { BodyReader } from './body-reader';
import type { BodySearch } from './body-search-store';
import { createBodySearch } from './body-search-store';

interface BodySourceProps {
  readonly reader: BodyReader;
  readonly language: BodyLanguage;
}

export function BodySource({ reader, language }: BodySourceProps) {
  const [wrap, setWrap] = useState(true);
  const search = useMemo(() => createBodySearch((query) => reader.find(query, 'text')), [reader]);
  const maxHeight = useBodyHeight();
  const hostRef = useRef<HTMLDivElement>(null);
  const editor = useEditor(hostRef, reader, language);
  useEffect(() => editor?.setWrap(wrap), [editor, wrap]);
  useEffect(() => editor?.setMaxHeight(maxHeight), [editor, maxHeight]);
  useEffect(() => (editor === null ? undefined : followSearch(editor, search)), [editor, search]);
  const wrapButton = (
    <button
      type="button"
      className="btn ghost icon small"
      aria-label="Wrap lines"
      aria-pressed={wrap}
      title="Wrap lines"
      onClick={() => setWrap(!wrap)}
    >
      <WrapText aria-hidden />
    </button>
  );
  return (
    <BodyFrame search={search} tools={wrapButton}>
      <div ref={hostRef} className="body-source" aria-busy={editor === null} />
    </BodyFrame>
  );
}

function useEditor(
  hostRef: RefObject<HTMLDivElement | null>,
  reader: BodyReader,
  language: BodyLanguage,
): BodyEditor | null {
  const [editor, setEditor] = useState<BodyEditor | null>(null);
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return undefined;
    const stop = new AbortController();
    void openBodyEditor({ host, body: reader.body, language, signal: stop.signal }).then(setEditor);
    return () => {
      stop.abort();
      setEditor(null);
    };
  }, [hostRef, reader, language]);
  return editor;
}

function followSearch(editor: BodyEditor, { store }: BodySearch): () => void {
  return store.subscribe((now, before) => {
    if (now.busy || (now.found === before.found && now.current === before.current)) return;
    editor.showFound({ offsets: now.found, length: now.query.length, current: now.current });
  });
}
