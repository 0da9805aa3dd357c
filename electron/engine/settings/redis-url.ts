/** A Redis URL and the password it may carry. The password is a secret and goes its own way. */

export interface SplitRedisUrl {
  readonly url: string;
  readonly password: string | null;
}

/** What is said of a URL that cannot be split; the URL itself never is, it may hold a password. */
export const REDIS_URL_FORMS =
  'must be redis://, rediss:// or unix:, such as redis://:PASSWORD@localhost:6379 or unix:/run/redis.sock; special characters percent-encoded';

const USER = '(?:([^@/?#:]*)(?::([^@/?#]*))?@)?';
const TCP = new RegExp(String.raw`^(rediss?:\/\/)${USER}([^@?]+)(\?[^@#]*)?$`, 'i');
const UNIX = new RegExp(String.raw`^(unix:(?:\/\/)?)${USER}(\/[^/?#][^?#]*)(\?[^#]*)?$`, 'i');

/** Takes the password out of a `redis://`, `rediss://` or `unix:` URL, where it stands before the @ or as `?password=`.
 *  @returns null where this is not such a URL, or its password is not decodable */
export function splitRedisUrl(value: string): SplitRedisUrl | null {
  const text = value.trim();
  const tcp = TCP.exec(text);
  const [, scheme = '', user = '', encoded = '', rest = '', query = ''] = tcp ?? UNIX.exec(text) ?? [];
  if (rest === '') return null;
  try {
    if (tcp !== null && new URL(`redis://${rest}`).hostname === '') return null;
    const asked = withoutPassword(query);
    const url = `${scheme}${user === '' ? '' : `${user}@`}${rest}${asked.query}`;
    return { url, password: (encoded === '' ? asked.password : decodeURIComponent(encoded)) || null };
  } catch {
    // Not a URL, or a password that is not percent-encoded: the caller says so without repeating it.
    return null;
  }
}

function withoutPassword(query: string): { query: string; password: string | null } {
  const parameters = new URLSearchParams(query);
  const password = parameters.get('password');
  if (password === null) return { query, password };
  parameters.delete('password');
  return { query: parameters.size === 0 ? '' : `?${parameters.toString()}`, password };
}
