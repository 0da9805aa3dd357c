/** Holds what an origin was asked against what clients had asked: nothing may come of bytes that are no request. */
import { forget } from './engine-pair';
import type { FuzzOrigin } from './fuzz-origin';
import type { RequestHead, RequestsRead, StrictRequest } from './strict-requests';

export class UpstreamLedger {
  readonly #origin: FuzzOrigin;
  /** What the origin may still be asked, and how often. Two generations: a request may arrive late. */
  #asked = new Map<string, number>();
  #before = new Map<string, number>();

  constructor(origin: FuzzOrigin) {
    this.#origin = origin;
  }

  ask({ requests, rest }: RequestsRead): void {
    if (rest.head !== null) this.#asked.set(begunKey(rest.head), 1);
    for (const request of requests) {
      if (request.duty === 'refuse') continue;
      const key = keyOf(request);
      this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
      this.#asked.set(begunKey(request), 1);
    }
  }

  /** What is wrong with what the origin was asked since the last time, in words; null: nothing. */
  check(): string | null {
    const [malformed] = this.#origin.problems;
    const unasked = this.#origin.requests.find((request) => !this.#take(keyOf(request)));
    const begun = this.#origin.begun.find((head) => !this.#knows(begunKey(head)));
    forget(this.#origin);
    if (malformed !== undefined) return `the origin was sent no request: ${malformed}`;
    if (unasked !== undefined) return `the origin was asked what nobody asked: ${shownKey(keyOf(unasked))}`;
    return begun === undefined ? null : `the origin was begun to be asked ${shownKey(begunKey(begun))}`;
  }

  /** What was asked before the last time is forgotten. */
  age(): void {
    this.#before = this.#asked;
    this.#asked = new Map();
  }

  #knows(key: string): boolean {
    return this.#asked.has(key) || this.#before.has(key);
  }

  #take(key: string): boolean {
    for (const asked of [this.#asked, this.#before]) {
      const left = asked.get(key) ?? 0;
      if (left === 0) continue;
      asked.set(key, left - 1);
      return true;
    }
    return false;
  }
}

/** Whether two origins were asked the same for those requests: bodies, methods, targets and fields, in any order. */
export function upstreamDisagreement(
  all: readonly RequestsRead[],
  one: readonly StrictRequest[],
  other: readonly StrictRequest[],
): string | null {
  // What is under way when its connection fails may or may not have been sent.
  const calm = all.filter(({ rest }) => rest.kind === 'nothing').flatMap(({ requests }) => requests);
  const known = new Set(calm.map(keyOf));
  const [left, right] = [one, other].map((requests) =>
    requests
      .filter((request) => known.has(keyOf(request)))
      .map(withFields)
      .sort(),
  ) as [string[], string[]];
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    if (left[at] === right[at]) continue;
    return `the origins were asked differently:\n  ${left[at] ?? 'nothing'}\n  ${right[at] ?? 'nothing'}`;
  }
  return null;
}

function keyOf(request: StrictRequest): string {
  return `${request.method} ${request.target}\n${request.body}`;
}

/** A request that did not come whole: no line of a body tells it from others. */
function begunKey({ method, target }: RequestHead): string {
  return `${method} ${target}`;
}

function shownKey(key: string): string {
  return JSON.stringify(key.slice(0, 300));
}

/** Ports differ, and how a body is divided into chunks. */
function withFields(request: StrictRequest): string {
  const fields = request.fields.map((part, index) =>
    request.fields[index - 1]?.toLowerCase() === 'host' ? 'origin' : part,
  );
  return JSON.stringify([request.method, request.target, fields, request.body]);
}
