/**
 * The origin of the fuzzing: plain TCP, read strictly, answering by what the words of the target say, so that a target
 * tells what comes back: `/anything/200.len.max60.etag.b100`. It records what it was asked, to the byte.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { formatHttpDate } from '../../semantics/http-date';
import { readRequest, type RequestHead, type StrictRequest } from './strict-requests';
import { valuesOf } from './strict-grammar';

/** What the clocks of engines and origins show throughout. */
export const FUZZ_TIME = Date.UTC(2026, 0, 15, 12);

export interface Scripted {
  readonly bytes: string;
  readonly after: 'keep' | 'end' | 'reset';
}

export interface FuzzOrigin {
  readonly url: string;
  readonly requests: StrictRequest[];
  /** Heads whose body did not come whole. */
  readonly begun: RequestHead[];
  /** What came that is no request. */
  readonly problems: string[];
  close(): Promise<void>;
}

/** @param scripts exact bytes for some targets. */
export async function startFuzzOrigin(
  scripts: ReadonlyMap<string, Scripted> = new Map(),
): Promise<FuzzOrigin> {
  const sockets = new Set<Socket>();
  const requests: StrictRequest[] = [];
  const begun: RequestHead[] = [];
  const problems: string[] = [];
  const receive = (socket: Socket): void => {
    let received = '';
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      const rest = readRequest(received, 0);
      if (received !== '' && rest.kind !== 'read') {
        if (rest.head === undefined) problems.push(JSON.stringify(received.slice(0, 300)));
        else begun.push(rest.head);
      }
    });
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let read = readRequest(received, 0); received !== ''; read = readRequest(received, 0)) {
        if (read.kind === 'invalid') problems.push(`${read.why}: ${JSON.stringify(received.slice(0, 300))}`);
        if (read.kind !== 'read') return;
        received = received.slice(read.end);
        requests.push(read.value);
        answer(socket, read.value, scripts.get(read.value.target));
      }
    });
  };
  const server = createServer(receive);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    begun,
    problems,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** For answers that others are to overtake. */
const SLOW_MS = 200;

function answer(socket: Socket, request: StrictRequest, scripted: Scripted | undefined): void {
  if (scripted === undefined) {
    const words = wordsOf(request.target);
    const send = (): void => {
      socket.write(answerTo(request), 'latin1');
      if (words.has('close')) socket.end();
    };
    if (words.has('slow')) setTimeout(send, SLOW_MS);
    else send();
    return;
  }
  socket.write(scripted.bytes, 'latin1', () => {
    if (scripted.after === 'end') socket.end();
    if (scripted.after === 'reset') socket.resetAndDestroy();
  });
}

const PLAIN_FIELDS: readonly (readonly [string, string])[] = [
  ['max60', 'Cache-Control: max-age=60'],
  ['max0', 'Cache-Control: max-age=0'],
  ['nostore', 'Cache-Control: no-store'],
  ['nocache', 'Cache-Control: no-cache'],
  ['private', 'Cache-Control: private, max-age=60'],
  ['public', 'Cache-Control: public, s-maxage=60, must-revalidate'],
  ['swr', 'Cache-Control: max-age=0, stale-while-revalidate=60'],
  ['cookie', 'Set-Cookie: a=1\r\nSet-Cookie: b=2; Path=/'],
  ['vary', 'Vary: Accept'],
  ['varyall', 'Vary: *'],
  ['gzip', 'Content-Encoding: gzip'],
  ['json', 'Content-Type: application/json'],
  ['odd', 'X-Empty:\r\nX-Latin: caf\xe9\r\nx-Odd_Name.1~: "a, b"\r\nX-Twice: 1\r\nX-Twice: 2'],
  ['aged', 'Age: 10'],
  ['hop', 'Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5'],
  ['close', 'Connection: close'],
];

const MODIFIED = FUZZ_TIME - 86_400_000;

/** The words of the last path segment that has any. */
function wordsOf(target: string): ReadonlySet<string> {
  const path = target.split('?', 1)[0] ?? '';
  return new Set(path.slice(path.lastIndexOf('/') + 1).split('.'));
}

function numberAmong(words: ReadonlySet<string>, pattern: RegExp, otherwise: number): number {
  for (const word of words) if (pattern.test(word)) return Number(word.replace(/\D/g, ''));
  return otherwise;
}

export function etagOf(target: string): string {
  return `"${target.length}-${target.slice(1, 9).replace(/[^a-z0-9]/gi, '')}"`;
}

/** What the body of the whole response to GET holds; null where the request has a say in it. */
export function wholeBodyOf(target: string): string | null {
  const words = wordsOf(target);
  const size = Math.min(numberAmong(words, /^b\d{1,6}$/, 40), 200_000);
  return words.has('vary')
    ? null
    : `${target}\n`.repeat(Math.ceil(size / (target.length + 1))).slice(0, size);
}

interface Content {
  readonly status: number;
  readonly body: string;
  readonly line?: string;
}

function answerTo(request: StrictRequest): string {
  const { method, target } = request;
  const words = wordsOf(target);
  const { status, body, line } = contentFor(request, words);
  const lines = [`Date: ${formatHttpDate(FUZZ_TIME)}`, `X-For: ${target}`];
  for (const [word, field] of PLAIN_FIELDS) if (words.has(word)) lines.push(field);
  if (words.has('etag')) lines.push(`ETag: ${etagOf(target)}`);
  if (words.has('modified')) lines.push(`Last-Modified: ${formatHttpDate(MODIFIED)}`);
  if (line !== undefined) lines.push(line);
  const interim = words.has('hints') ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n' : '';
  const reason = words.has('reason') ? 'As it \xe9 is' : 'OK';
  const head = `${interim}HTTP/1.1 ${status} ${reason}\r\n${lines.join('\r\n')}\r\n`;
  if (status === 304 || status === 204) return `${head}\r\n`;
  return head + framed(body, words, method === 'HEAD');
}

function contentFor({ method, target, fields, body }: StrictRequest, words: ReadonlySet<string>): Content {
  const asked = numberAmong(words, /^s\d{3}$/, 200);
  const status = asked >= 200 && asked !== 304 ? asked : 200;
  if (method !== 'GET' && method !== 'HEAD') return { status, body: `${method} ${body.length}` };
  const isKnown = valuesOf(fields, 'if-none-match').join(',').includes(etagOf(target));
  if (status === 200 && words.has('etag') && isKnown) return { status: 304, body: '' };
  const whole = wholeBodyOf(target) ?? `${target} ${valuesOf(fields, 'accept').join()}`;
  const part = words.has('ranges') && status === 200 ? rangeOf(fields, whole) : null;
  return part ?? { status, body: whole };
}

function framed(body: string, words: ReadonlySet<string>, isHead: boolean): string {
  if (words.has('close') && words.has('unframed')) return isHead ? '\r\n' : `\r\n${body}`;
  if (!words.has('chunked')) return `Content-Length: ${body.length}\r\n\r\n${isHead ? '' : body}`;
  const trailers = words.has('trailers') ? 'X-Sum: 1\r\n' : '';
  const head = `Transfer-Encoding: chunked\r\n${trailers === '' ? '' : 'Trailer: X-Sum\r\n'}\r\n`;
  if (isHead) return head;
  const middle = Math.ceil(body.length / 3);
  const chunks = [body.slice(0, middle), body.slice(middle)].filter((chunk) => chunk !== '');
  const sized = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return `${head}${sized.join('')}0\r\n${trailers}\r\n`;
}

function rangeOf(fields: readonly string[], body: string): Content | null {
  const [, first, last] = /^bytes=(\d{1,6})-(\d{1,6})$/.exec(valuesOf(fields, 'range').join(',')) ?? [];
  if (first === undefined || Number(first) >= body.length || Number(last) < Number(first)) return null;
  const end = Math.min(Number(last), body.length - 1);
  return {
    status: 206,
    line: `Content-Range: bytes ${first}-${end}/${body.length}`,
    body: body.slice(Number(first), end + 1),
  };
}
