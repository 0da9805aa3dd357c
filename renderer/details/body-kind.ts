/** How a body can be shown without running any of it. */
import type { BodyPreview } from '../../shared/ipc/body-preview';

export type BodyView = 'tree' | 'text' | 'image' | 'hex';
export type BodyLanguage = 'json' | 'html' | 'xml' | 'css' | 'javascript' | 'plain';

export interface BodyKind {
  /** First is the one to show. */
  readonly views: readonly BodyView[];
  readonly language: BodyLanguage;
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

type Sniffed = Pick<BodyPreview, 'contentType' | 'bytes'>;

export function bodyKind(body: Sniffed): BodyKind {
  const language = languageOf(mediaType(body.contentType));
  const views = viewsOf(body, language);
  // Nothing says what it is, but it begins as JSON does.
  return { views, language: views.includes('tree') ? 'json' : language };
}

function viewsOf({ contentType, bytes }: Sniffed, language: BodyLanguage): readonly BodyView[] {
  const type = mediaType(contentType);
  if (type === 'image/svg+xml') return ['image', 'text', 'hex'];
  if (IMAGES.has(type)) return ['image', 'hex'];
  const wide = /charset="?utf-16/i.test(contentType ?? '') || hasWideMark(bytes);
  if (!wide && looksBinary(bytes)) return ['hex'];
  if (language === 'json') return ['tree', 'text', 'hex'];
  if (type === '') return beginsAsJson(bytes) ? ['tree', 'text', 'hex'] : ['text', 'hex'];
  return wide || TEXT.test(type) || isUtf8(bytes) ? ['text', 'hex'] : ['hex'];
}

/** `text/html` of `Text/HTML; charset=utf-8`. */
export function mediaType(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function languageOf(type: string): BodyLanguage {
  if (/[/+]json$/.test(type)) return 'json';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (/[/+]xml$/.test(type)) return 'xml';
  if (type === 'text/css') return 'css';
  return /\/(?:x-)?(?:javascript|ecmascript|typescript)$/.test(type) ? 'javascript' : 'plain';
}

function hasWideMark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function beginsAsJson(bytes: Uint8Array): boolean {
  return /^\s*[[{]/.test(new TextDecoder().decode(bytes.subarray(0, SNIFFED)));
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
