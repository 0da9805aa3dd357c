/** Text of others on its way to a terminal or to the screen: no control character of theirs gets there as one. */

/** C0, DEL, C1, line and paragraph separators, and what turns the direction of writing around. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Replaces each unsafe character by its `\u001b` notation, which is valid within JSON strings too. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
