/** A name for saving a stored body: from the URL, safe on every file system. */

const LONGEST_NAME = 120;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Extensions for what developers look at; others keep the URL's. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'application/xml': 'xml',
  'application/pdf': 'pdf',
  'application/javascript': 'js',
  'text/javascript': 'js',
  'text/html': 'html',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/plain': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

/** The last segment of the path, with an extension from the content type where it has none. */
export function bodyFileName(url: string, contentType: string | null): string {
  const name = safeName(lastSegment(url)) || 'body';
  if (/\.[a-z0-9]{1,8}$/i.test(name)) return name;
  return `${name}.${extensionOf(contentType)}`;
}

function lastSegment(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  const segment =
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function safeName(segment: string): string {
  const name = segment
    // Separators, characters that Windows forbids, controls, and marks that reverse the reading direction.
    .replace(/[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, LONGEST_NAME);
  return RESERVED.test(name) ? `_${name}` : name;
}

function extensionOf(contentType: string | null): string {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type.endsWith('+json')) return 'json';
  return EXTENSIONS[type] ?? 'bin';
}
