/** A wrong value as an error message may repeat it: short, on one line, and without secrets. */
import { LarderError } from '../../../shared/error-codes';

const LONGEST_SHOWN = 80;

/** User name, password, query and fragment of a URL may be secrets. */
function withoutSecrets(text: string): string {
  const at = text.lastIndexOf('@');
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0] ?? '';
  const open = at < 0 ? text : `${scheme}***${text.slice(at)}`;
  return open.replace(/[?#].*$/s, (rest) => (rest.length > 1 ? `${rest[0] ?? ''}***` : rest));
}

/** @returns the value in JSON's notation, so that its type and any control character can be seen */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? withoutSecrets(part) : part,
  ) as string | undefined;
  if (text === undefined) return 'nothing';
  const plain = text.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return plain.length <= LONGEST_SHOWN ? plain : `${plain.slice(0, LONGEST_SHOWN)}…`;
}

/** `--port: "abc" must be a whole number from 0 to 65535`. */
export function wrongValue(source: string, value: unknown, problem: string): LarderError {
  return new LarderError('settings_invalid', `${source}: ${shownValue(value)} ${problem}`);
}
