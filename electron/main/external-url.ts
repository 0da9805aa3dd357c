/** Which URLs may be handed to the system's browser. */

/** The URL in its normal form where it is http or https without credentials, else null. */
export function externalUrl(value: string): string | null {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '') return null;
  return url.href;
}
