/** What a recording origin answers, reply by reply, dated by the test's clock. */
import type { IncomingMessage } from 'node:http';
import { formatHttpDate } from '../semantics/http-date';
import type { Clock } from './engine-under-test';
import type { Answer, RecordingOrigin } from './recording-origin';

/** Several values of a name are several lines. */
export type ReplyFields = Readonly<Record<string, string | readonly string[]>>;

export interface ReplyMessage {
  /** 200 where it is not given. */
  readonly status?: number;
  readonly fields?: ReplyFields;
  /** `#1` for the first request the origin has had, and so on, where it is not given. */
  readonly body?: string;
  /** What the origin's clock is ahead; null: it sends no Date. A Date among the fields wins. */
  readonly aheadSeconds?: number | null;
}

/** `drop`: the connection is closed without an answer. */
export type Reply =
  | ReplyMessage
  | 'drop'
  | ((request: IncomingMessage) => ReplyMessage | 'drop' | Promise<ReplyMessage | 'drop'>);

export function scripted(clock: Clock, origin: RecordingOrigin, replies: readonly Reply[]): Answer {
  let next = 0;
  return (request, response) => {
    const number = origin.requests.length;
    const reply = replies[Math.min(next, replies.length - 1)] ?? {};
    next += 1;
    const send = (message: ReplyMessage | 'drop'): void => {
      if (message === 'drop') {
        response.destroy();
        return;
      }
      const { status = 200, fields = {}, body = `#${number}`, aheadSeconds = 0 } = message;
      const lines = Object.entries(fields).flatMap(([name, values]) =>
        [values].flat().flatMap((value) => [name, value]),
      );
      const isDated = Object.keys(fields).some((name) => name.toLowerCase() === 'date');
      if (!isDated && aheadSeconds !== null)
        lines.push('Date', formatHttpDate(clock.now() + aheadSeconds * 1000));
      response.sendDate = false;
      response.writeHead(status, lines);
      response.end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : body);
    };
    const message = typeof reply === 'function' ? reply(request) : reply;
    if (message instanceof Promise) void message.then(send);
    else send(message);
  };
}

/** A reply that waits until it is released. */
export function held(message: ReplyMessage): { readonly reply: Reply; release(): void } {
  let release = (): void => {};
  const released = new Promise<ReplyMessage>((resolve) => (release = () => resolve(message)));
  return { reply: () => released, release: () => release() };
}
