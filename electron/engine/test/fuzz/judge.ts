/** The oracle of the fuzzing: whether what came back may come back for what was sent, and whether two ways in agree. */
import { wholeBodyOf } from './fuzz-origin';
import { literal } from './fuzz-input';
import type { Conversation } from './fuzz-client';
import { valuesOf } from './strict-grammar';
import type { RequestHead, RequestsRead, StrictRequest } from './strict-requests';
import { answeredTarget, type StrictResponse } from './strict-responses';

/** What is wrong with the conversation on its own, in words; null: nothing. */
export function judge(asked: RequestsRead, had: Conversation): string | null {
  const wrong = judgeAlone(asked, had);
  const isFollowing = wrong !== null && had.responses.length === 0 && had.before !== null;
  return isFollowing ? `${wrong}, on a connection that had sent ${literal(had.before)}` : wrong;
}

function judgeAlone(asked: RequestsRead, had: Conversation): string | null {
  if (had.end === 'stuck')
    return `no end: ${had.problem ?? `${had.responses.length} responses, then nothing`}`;
  if (had.problem !== null) return `not HTTP: ${had.problem}`;
  for (const [index, response] of had.responses.entries()) {
    const wrong = judgeResponse(asked, index, response);
    if (wrong !== null) return `response ${index + 1}: ${wrong}`;
    if (response.closes && index + 1 < had.responses.length) return `a response after the last, ${index + 2}`;
  }
  return judgeEnd(asked, had);
}

function judgeResponse(asked: RequestsRead, index: number, response: StrictResponse): string | null {
  const { requests, rest } = asked;
  const request = requests[index];
  // What is cut short may be malformed already.
  const mayOvertake = rest.kind !== 'nothing' || requests.at(-1)?.duty !== 'serve';
  if (isInternal(response)) return 'the engine failed on it';
  if (request === undefined) return judgeRest(asked, response);
  if (isOwnRefusal(response)) {
    if (isOwnAnswer(request, response)) return null;
    if (request.duty !== 'serve' || mayOvertake) return response.closes ? null : 'refused, but not closed';
    return `refused: ${response.status} ${response.body.slice(0, 200)}`;
  }
  if (request.duty === 'refuse') return `served what is to be refused, ${response.status}`;
  return judgeServed(request, response);
}

/** Answers of Larder's own to sound requests. */
function isOwnAnswer({ target, fields }: StrictRequest, { status }: StrictResponse): boolean {
  if (isEndpoint(target)) return true;
  return status === 504 && valuesOf(fields, 'cache-control').join().toLowerCase().includes('only-if-cached');
}

function judgeRest({ rest }: RequestsRead, response: StrictResponse): string | null {
  if (rest.kind === 'nothing') return 'nobody asked for it';
  if (isOwnRefusal(response)) return response.closes ? null : 'refused, but not closed';
  // The origin need not wait for the whole of a body.
  if (rest.kind === 'cut' && rest.head !== null) return judgeServed(rest.head, response);
  return `served what is ${rest.kind} (${rest.why}), ${response.status}`;
}

function judgeServed(request: RequestHead, response: StrictResponse): string | null {
  const { method, target } = request;
  if (isEndpoint(target)) return null;
  if (target === '*') return response.status === 204 ? null : `${response.status} for OPTIONS *`;
  const answered = answeredTarget(response);
  if (answered !== target) return `it is for ${String(answered)}, not ${target}`;
  if (method !== 'GET' || response.status === 304 || response.status === 204) return null;
  const whole = wholeBodyOf(target);
  if (whole === null || response.status === 416) return null;
  const expected = response.status === 206 ? partOf(whole, response) : whole;
  return expected === null || expected === response.body ? null : 'the body is another';
}

/** Null: several parts, or none that can be told. */
function partOf(whole: string, response: StrictResponse): string | null {
  const range = /^bytes (\d+)-(\d+)\//.exec(valuesOf(response.fields, 'content-range')[0] ?? '');
  return range === null ? null : whole.slice(Number(range[1]), Number(range[2]) + 1);
}

function judgeEnd({ requests, rest }: RequestsRead, had: Conversation): string | null {
  const { responses, end, leftover } = had;
  const closing = responses.at(-1)?.closes === true;
  if (end === 'open') return leftover === '' ? null : 'bytes after the last response';
  // What is refused may take the answers with it that had not begun.
  if (rest.kind !== 'nothing' || requests.at(-1)?.duty !== 'serve') return null;
  // The method of what is refused may not be known, and its answer have a body.
  if (leftover !== '' && !closing) return 'a response is cut short';
  if (responses.length < requests.length && !closing) {
    return `closed after ${responses.length} of ${requests.length} responses`;
  }
  if (!closing && requests.at(-1)?.isLast !== true) return 'closed without a word';
  return null;
}

function isOwnRefusal(response: StrictResponse): boolean {
  return response.status >= 400 && answeredTarget(response) === null;
}

function isInternal(response: StrictResponse): boolean {
  return valuesOf(response.fields, 'cache-status').some((value) => /detail=internal/.test(value));
}

function isEndpoint(target: string): boolean {
  return target.startsWith('/.larder') || target.startsWith('/cache/clear');
}

/** Where two ways in differ for the same input, in words; null: nowhere. */
export function disagreement(asked: RequestsRead, one: Conversation, other: Conversation): string | null {
  if (one.end !== other.end) return `one is ${one.end}, the other ${other.end}`;
  // A request that is refused may overtake answers that are under way, sooner or later.
  const isRacing = asked.requests.length > (asked.rest.kind === 'nothing' ? 1 : 0);
  const count = Math.max(one.responses.length, other.responses.length);
  for (let index = 0; index < count; index += 1) {
    const left = comparable(one.responses[index]);
    const right = comparable(other.responses[index]);
    if (isRacing && (isRefusal(one.responses[index]) || isRefusal(other.responses[index]))) return null;
    if (left !== right) return `response ${index + 1} differs:\n  ${left}\n  ${right}`;
  }
  return null;
}

function isRefusal(response: StrictResponse | undefined): boolean {
  return response === undefined || isOwnRefusal(response);
}

/** All of a response but what is chance or the clock's: boundaries and the Date of Larder's own answers. */
function comparable(response: StrictResponse | undefined): string {
  if (response === undefined) return 'none';
  const { status, reason, fields, body, trailers } = response;
  const isOwn = answeredTarget(response) === null;
  const shown = fields.map((part, index) => (isOwn && fields[index - 1] === 'Date' ? 'now' : part));
  const all = JSON.stringify({ status, reason, fields: shown, body, trailers });
  // The origin is named in errors, and in the key that Larder-Debug asks for.
  const text = all.replaceAll(/127\.0\.0\.1:\d+/g, 'origin');
  const boundary = /boundary=([0-9a-f]{24})/.exec(text)?.[1];
  return boundary === undefined ? text : text.replaceAll(boundary, 'boundary');
}
