/** What a request that changes something makes of stored responses (RFC 9111 §4.4). */
import { fieldLines, type RawFields } from '../http/raw-fields';

/** Methods known to be safe; any other may change something (RFC 9110 §9.2.1, IANA's registry). */
const SAFE_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'REPORT',
  'SEARCH',
]);

/** Unsafe, or unknown, and answered without an error. */
export function invalidates(method: string, status: number): boolean {
  return status >= 200 && status < 400 && !SAFE_METHODS.has(method);
}

/** Absolute URLs to invalidate: the target, and Location and Content-Location where they lie at the same origin. */
export function invalidatedTargets(requestUrl: string, responseFields: RawFields): string[] {
  const targets = new Set([requestUrl]);
  for (const name of ['location', 'content-location']) {
    for (const reference of fieldLines(responseFields, name)) {
      const url = sameOriginUrl(reference, requestUrl);
      if (url !== null) targets.add(url);
    }
  }
  return [...targets];
}

/** Whether one Content-Location says that the response represents its target (RFC 9110 §8.7). */
export function sameTarget(contentLocation: readonly string[], requestUrl: string): boolean {
  const [reference, ...others] = contentLocation;
  if (reference === undefined || others.length > 0) return false;
  const target = sameOriginUrl(requestUrl, requestUrl);
  return target !== null && sameOriginUrl(reference, requestUrl) === target;
}

function sameOriginUrl(reference: string, requestUrl: string): string | null {
  try {
    const base = new URL(requestUrl);
    const url = new URL(reference, base);
    if (url.origin !== base.origin) return null;
    return url.origin + url.pathname + url.search;
  } catch {
    // Not a URL: nothing is stored under it.
    return null;
  }
}
