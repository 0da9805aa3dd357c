/** A Redis URL and the password it may carry. The password is a secret and goes its own way. */

export interface SplitRedisUrl {
  readonly url: string;
  readonly password: string | null;
}

/** Takes the password out of a `redis://` or `rediss://` URL.
 *  @returns null where this is not such a URL, or its password is not decodable */
export function splitRedisUrl(value: string): SplitRedisUrl | null {
  const parts = /^(rediss?:\/\/)(?:([^@/?#:]*)(?::([^@/?#]*))?@)?([^@]+)$/i.exec(value.trim());
  if (parts === null) return null;
  const [, scheme = '', user = '', encoded, rest = ''] = parts;
  const url = `${scheme}${user === '' ? '' : `${user}@`}${rest}`;
  try {
    if (new URL(url).hostname === '') return null;
    return { url, password: encoded === undefined || encoded === '' ? null : decodeURIComponent(encoded) };
  } catch {
    // Not a URL, or a password that is not percent-encoded: the caller says so without repeating it.
    return null;
  }
}
