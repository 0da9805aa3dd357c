/** Which URLs may be handed to the system's browser. */

/**
 * The URL in its normal form where it is https without credentials, else null.
 * @param known plain http goes to these servers only: Larder's own address, and the origin that a person has set
 */
export function externalUrl(value: string, known: readonly (string | null)[] = []): string | null {
  const url = parsed(value);
  if (url === null || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'https:') return url.href;
  if (url.protocol !== 'http:') return null;
  return known.some((server) => server !== null && parsed(server)?.origin === url.origin) ? url.href : null;
}

function parsed(value: string): URL | null {
  try {
    return new URL(value);
  } catch {
    return null;
  }
}
