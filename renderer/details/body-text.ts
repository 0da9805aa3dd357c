/** Bytes as text, in the charset that they are in: what a mark at their start says, else the field, else themselves. */
import type { BodyPreview } from '../../shared/ipc/body-preview';
import { mediaType } from './body-kind';

export interface BodyText {
  readonly text: string;
  /** As the Encoding Standard names it, in lower case. */
  readonly charset: string;
}

const DECLARED_WITHIN = 1024;
const META = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:-]+)/i;
const XML = /^<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:-]+)/i;

/** Which text it is; `truncated`: it may end within a character. */
export type TextBody = Pick<BodyPreview, 'bytes' | 'contentType' | 'truncated'>;

/** An unknown charset is read as UTF-8; what is not UTF-8 and says nothing is read as Windows-1252. */
export function bodyText({ bytes, contentType, truncated }: TextBody): BodyText {
  const named = charsetOfMark(bytes) ?? charsetOfField(contentType) ?? declaredCharset(bytes, contentType);
  const decoder = named === null ? null : decoderOf(named);
  if (decoder !== null) return { text: decoder.decode(bytes), charset: decoder.encoding };
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated }),
      charset: 'utf-8',
    };
  } catch {
    const charset = named === null ? 'windows-1252' : 'utf-8';
    return { text: new TextDecoder(charset).decode(bytes), charset };
  }
}

export function charsetOfField(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? null;
}

function charsetOfMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}

/** In the body itself, as HTML and XML do. */
function declaredCharset(bytes: Uint8Array, contentType: string | null): string | null {
  const type = mediaType(contentType);
  if (!type.includes('html') && !type.endsWith('xml')) return null;
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, DECLARED_WITHIN));
  const pattern = type.includes('html') ? META : XML;
  const declared = pattern.exec(start)?.[1]?.toLowerCase() ?? null;
  // What could be read as one-byte characters is no UTF-16, whatever it says.
  return declared?.startsWith('utf-16') === true ? 'utf-8' : declared;
}

function decoderOf(charset: string): TextDecoder | null {
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}
