/** The origin's base URL, taken apart once per settings value. The request target is only ever appended to it. */

export interface OriginTarget {
  /** `https://api.example.com:8443` */
  readonly origin: string;
  /** Path prefix without its trailing slash; may be empty. */
  readonly prefix: string;
  /** Value for `Host`. */
  readonly host: string;
  /** origin + prefix: the base of cache keys. */
  readonly base: string;
}

/** @param url checked by settingsSchema: http or https, no credentials, query or fragment. */
export function originTarget(url: string): OriginTarget {
  const parsed = new URL(url);
  const prefix = parsed.pathname.replace(/\/+$/, '');
  return { origin: parsed.origin, prefix, host: parsed.host, base: parsed.origin + prefix };
}
