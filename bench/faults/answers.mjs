// What the origin answers, computed from the target alone: whoever asks can tell every wrong byte.
import { createHash } from 'node:crypto';

const KIBIBYTE = 1024;

/** `/KIND/NUMBER/BYTES/text` or `/bin`: mostly small, some bulky; half of them compressible.
 *  @param {string} kind
 *  @param {number} number */
export function targetOf(kind, number) {
  const bytes = number % 20 === 7 ? 200 * KIBIBYTE : number % 5 === 3 ? 20 * KIBIBYTE : KIBIBYTE;
  return `/${kind}/${number}/${bytes}/${number % 2 === 0 ? 'text' : 'bin'}`;
}

/** @typedef {{ type: string, body: Buffer }} Known */

/** What is asked for again and again is computed once.
 *  @type {Map<string, Known>} */
const hot = new Map();

/** Null where there is nothing of that name.
 *  @param {string} target
 *  @returns {Known | null} */
export function answerTo(target) {
  const [, kind, bytes, form] = /^\/(\w+)\/\d+\/(\d{1,8})\/(text|bin)$/.exec(target) ?? [];
  if (bytes === undefined) return null;
  const known = hot.get(target) ?? computed(target, Number(bytes), form === 'text');
  if (kind === 'hot') hot.set(target, known);
  return known;
}

/** @param {string} target
 *  @param {number} bytes
 *  @param {boolean} isText
 *  @returns {Known} */
function computed(target, bytes, isText) {
  if (isText) return { type: 'text/plain', body: Buffer.alloc(bytes, `${target} says hello\n`) };
  const body = createHash('shake256', { outputLength: bytes }).update(target).digest();
  return { type: 'application/octet-stream', body };
}
