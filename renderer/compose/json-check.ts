/** Whether a body is JSON, in words. */

export interface JsonCheck {
  readonly valid: boolean;
  readonly message: string;
}

/** Null: there is nothing to say, since the body is not meant to be JSON. */
export function jsonCheck(body: string, contentType: string): JsonCheck | null {
  if (body.trim() === '' || !/[/+]json\b/i.test(contentType)) return null;
  try {
    JSON.parse(body);
    return { valid: true, message: 'Valid JSON' };
  } catch (error) {
    return { valid: false, message: `Not JSON: ${reasonOf(error)}` };
  }
}

/** `unexpected token 'x'`: what the parser says, without the piece of the body that it quotes. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const short = message.split(/, (?:\.\.\.)?"| in JSON/, 1)[0] ?? message;
  return short.charAt(0).toLowerCase() + short.slice(1);
}

/** The same JSON, two spaces a level; null where it is none. */
export function prettyJson(body: string): string | null {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return null;
  }
}
