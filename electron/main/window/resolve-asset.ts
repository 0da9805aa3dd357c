/** Which file a URL of our own scheme means. Pure, so that its refusals can be tested. */
import path from 'node:path';

export const APP_SCHEME = 'app';
export const APP_HOST = 'larder';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export interface Asset {
  /** Below the folder, always. */
  readonly file: string;
  readonly mimeType: string;
}

/** Null: not ours, outside the folder, or of a kind that we do not serve. */
export function resolveAsset(url: string, folder: string): Asset | null {
  const pathname = ownPathname(url);
  if (pathname === null) return null;
  const file = path.join(folder, pathname);
  const inside = path.relative(folder, file);
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return null;
  const mimeType = MIME_TYPES[path.extname(file).toLowerCase()];
  return mimeType === undefined ? null : { file, mimeType };
}

/** Whether a URL belongs to our window. */
export function isAppUrl(value: string): boolean {
  return parsed(value) !== null;
}

function ownPathname(value: string): string | null {
  const url = parsed(value);
  if (url === null) return null;
  try {
    const pathname = decodeURIComponent(url.pathname);
    // A backslash divides folders on Windows, a NUL ends a name: neither stands in ours.
    return /[\\\0:]/.test(pathname) ? null : pathname;
  } catch {
    return null;
  }
}

function parsed(value: string): URL | null {
  try {
    const url = new URL(value);
    const ours = url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.username === '';
    return ours ? url : null;
  } catch {
    return null;
  }
}
