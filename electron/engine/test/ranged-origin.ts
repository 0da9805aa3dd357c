/** An origin that answers as it should for one representation: whole, 206, 304, 416 (RFC 9110 §13, §14). Dated by the test's clock. */
import { formatHttpDate } from '../semantics/http-date';
import type { Clock } from './engine-under-test';
import type { Answer } from './recording-origin';

export interface Representation {
  readonly body: string | Buffer;
  /** Sent with every answer. A validator among them is what conditions are compared with. */
  readonly fields: Readonly<Record<string, string>>;
}

export function ranged(clock: Clock, { body, fields }: Representation): Answer {
  const bytes = Buffer.from(body);
  const tag = fields['ETag'] ?? null;
  const modified = fields['Last-Modified'] ?? null;
  return ({ method, headers }, response) => {
    const answer = (status: number, own: Record<string, string>, content: Buffer | null): void => {
      response.writeHead(status, { ...fields, Date: formatHttpDate(clock.now()), ...own });
      response.end(method === 'HEAD' ? undefined : content);
    };
    const ifNoneMatch = headers['if-none-match']?.split(', ');
    const isNotModified =
      ifNoneMatch === undefined
        ? modified !== null && headers['if-modified-since'] === modified
        : tag !== null && ifNoneMatch.includes(tag);
    if (isNotModified) {
      answer(304, {}, null);
      return;
    }
    const condition = headers['if-range'];
    const counts = condition === undefined || condition === tag || condition === modified;
    const range = counts && method === 'GET' ? rangeOf(headers.range, bytes.length) : null;
    if (range === null) answer(200, { 'Content-Length': String(bytes.length) }, bytes);
    else if (range === 'unsatisfiable') answer(416, { 'Content-Range': `bytes */${bytes.length}` }, null);
    else {
      const [first, last] = range;
      const content = bytes.subarray(first, last + 1);
      const own = {
        'Content-Range': `bytes ${first}-${last}/${bytes.length}`,
        'Content-Length': String(content.length),
      };
      answer(206, own, content);
    }
  };
}

/** Null: no range, or none that this origin knows. */
function rangeOf(
  value: string | undefined,
  length: number,
): [first: number, last: number] | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value ?? '');
  if (match === null) return null;
  const [, first = '', last = ''] = match;
  if (first === '') return [Math.max(0, length - Number(last)), length - 1];
  if (Number(first) >= length) return 'unsatisfiable';
  return [Number(first), last === '' ? length - 1 : Math.min(Number(last), length - 1)];
}
