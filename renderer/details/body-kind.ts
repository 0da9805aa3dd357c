/** How a body can be shown without running any of it. */
import type { BodyPreview } from '../../shared/ipc/body-preview';

export type BodyView = 'tree' | 'text' | 'image' | 'hex';

export interface BodyKind {
  /** First is the one to show. */
  readonly views: readonly BodyView[];
  readonly charset: string;
}

const IMAGES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
]);
const TEXT =
  /^text\/|[/+](?:json|xml|yaml|x-ndjson)$|^application\/(?:javascript|ecmascript|graphql|sql|toml|x-www-form-urlencoded|x-yaml|x-sh)$/;
const SNIFFED = 2048;

export function bodyKind({ contentType, bytes }: Pick<BodyPreview, 'contentType' | 'bytes'>): BodyKind {
  const type = mediaType(contentType);
  const charset = /;\s*charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (type === 'image/svg+xml') return { views: ['image', 'text', 'hex'], charset };
  if (IMAGES.has(type)) return { views: ['image', 'hex'], charset };
  const wide = charset.startsWith('utf-16');
  if (!wide && looksBinary(bytes)) return { views: ['hex'], charset };
  if (type === 'application/json' || type.endsWith('+json'))
    return { views: ['tree', 'text', 'hex'], charset };
  if (TEXT.test(type) || type === '') return { views: ['text', 'hex'], charset };
  return { views: isUtf8(bytes) ? ['text', 'hex'] : ['hex'], charset };
}

/** `text/html` of `Text/HTML; charset=utf-8`. */
export function mediaType(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Bytes as text; an unknown charset is read as UTF-8. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function looksBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, SNIFFED).includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // The end of the sample may cut a character in two, which `stream` allows.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, SNIFFED), { stream: true });
    return true;
  } catch {
    return false;
  }
}
