/**
 * Leaves secrets out of URLs before they are printed or exported: people paste logs
 * into issues. What goes over the wire and into the cache key is never touched.
 */

const PARAMETER = /([?&])([^=&#\s]{1,128})=([^&#\s]*)/g;

/** Names of query parameters whose values are secrets as a rule. Rather one too many: only logs are affected. */
const SECRET_NAME = new RegExp(
  [
    'token(?!s|i)',
    'secret',
    'passw|passphrase|^pass$|pwd',
    '(api|access|private|app|client|subscription)[-_.]?key|^key$',
    '^auth([-_.]|$)|authorization|authentication',
    'signature|^sig$',
    'session|^sid$|credential|jwt|bearer',
  ].join('|'),
  'i',
);

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not percent-encoded text: judged as it stands.
    return name;
  }
}

/** `/me?token=abc&page=2` becomes `/me?token=***&page=2`; anything else in the text stays. */
export function redactSecrets(text: string): string {
  if (!text.includes('=')) return text;
  return text.replace(PARAMETER, (whole, before: string, name: string) =>
    SECRET_NAME.test(decoded(name)) ? `${before}${name}=***` : whole,
  );
}
