/** Bytes as hex: offset, bytes, and what of them is printable. */
import { useRef } from 'react';
import { useWidth } from '../controls/grid-frame';
import { hexLine, hexLineCount } from './body-lines';
import { CodeLines } from './code-lines';

/** Of the monospace faces in use at 12 px, rounded up so that lines do not overflow. */
const CHARACTER_PX = 7.3;
/** Offset, gaps and the place of the scroll bar. */
const OVERHEAD = 14;
const PER_BYTE = 4;

export function BodyHex({ bytes }: { readonly bytes: Uint8Array }) {
  const ref = useRef<HTMLDivElement>(null);
  const columns = Math.floor(useWidth(ref) / CHARACTER_PX);
  const perLine = columns >= OVERHEAD + 16 * PER_BYTE ? 16 : 8;
  return (
    <div ref={ref} className="body-frame">
      <CodeLines
        attributes={{ role: 'group', 'aria-label': 'Body as hex' }}
        count={hexLineCount(bytes.byteLength, perLine)}
        renderLine={(index) => {
          const { offset, hex, text } = hexLine(bytes, index, perLine);
          return (
            <div key={index} className="code-line hex-line">
              <span className="hex-offset">{offset}</span>
              {'  '}
              {hex}
              {'  '}
              <span className="hex-text">{text}</span>
            </div>
          );
        }}
      />
    </div>
  );
}
