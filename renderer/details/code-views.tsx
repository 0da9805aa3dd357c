/** Text wrapped at the width there is, and bytes as hex. */
import { useMemo, useRef } from 'react';
import { useWidth } from '../controls/grid-frame';
import { hexLine, hexLineCount, textLines } from './body-lines';
import { CodeLines } from './code-lines';

/** Of the monospace faces in use at 12 px, rounded up so that lines do not overflow. */
const CHARACTER_PX = 7.3;
const MOST_COLUMNS = 400;

export function TextView({ text }: { readonly text: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const columns = Math.min(MOST_COLUMNS, Math.floor(useWidth(ref) / CHARACTER_PX));
  const lines = useMemo(() => (columns === 0 ? [] : textLines(text, columns)), [text, columns]);
  return (
    <div ref={ref}>
      <CodeLines
        label="Body as text"
        count={lines.length}
        renderLine={(index) => (
          <div key={index} className="code-line">
            {lines[index]}
          </div>
        )}
      />
    </div>
  );
}

const HEX_OVERHEAD = 10;

export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const ref = useRef<HTMLDivElement>(null);
  const columns = Math.floor(useWidth(ref) / CHARACTER_PX);
  const perLine = columns >= HEX_OVERHEAD + 64 ? 16 : 8;
  return (
    <div ref={ref}>
      <CodeLines
        label="Body as hex"
        count={hexLineCount(bytes.byteLength, perLine)}
        renderLine={(index) => (
          <div key={index} className="code-line">
            {hexLine(bytes, index, perLine)}
          </div>
        )}
      />
    </div>
  );
}
