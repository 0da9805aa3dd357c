/**
 * The fuzzing of the front's reader: whatever it accepts, node:http reads to the same method, target and fields, of
 * the same length, and the engine's own check has the same to say of it. What it does not accept is nobody's fault.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '../../../../shared/settings';
import { readClientRequest, requestProblem, type ClientRequest } from '../../http/client-request';
import { HeadReader, KnownFields, type ReadHead } from '../../http/front/read-head';
import { literal } from './fuzz-input';
import type { Failure, FuzzPlan, FuzzResult } from './fuzz-plan';
import { mutated, mutations } from './mutations';
import { soundRequests } from './request-model';

const BATCH = 512;
const LIMITS = DEFAULT_SETTINGS.limits;
const NEXT = 'GET /next HTTP/1.1\r\nHost: next\r\n\r\n';

const plainLine = fc.constantFrom(
  'Host: localhost:3000',
  'Host: 127.0.0.1',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) fuzz/1.0',
  'Accept: text/html,*/*;q=0.8',
  'Accept-Encoding: gzip, deflate',
  'Connection: keep-alive',
  'Connection: close',
  'Cookie: a=1; b="2"',
  'Referer: http://localhost/a?b=c',
  'X-Request-Id: 0123456789abcdef',
  'Origin: http://localhost',
  'Authorization: Bearer abc',
);

const plainHead = fc
  .tuple(
    fc.constantFrom('GET', 'GET', 'HEAD'),
    fc.stringMatching(/^\/[!-~]{0,20}$/),
    fc.uniqueArray(plainLine, { maxLength: 6, selector: (line) => line.split(':', 1)[0] }),
  )
  .map(
    ([method, target, lines]) =>
      `${method} ${target} HTTP/1.1\r\nHost: a\r\n${lines
        .filter((line) => !line.startsWith('Host'))
        .map((line) => `${line}\r\n`)
        .join('')}\r\n`,
  );

const anyHead = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: plainHead },
      { weight: 1, arbitrary: soundRequests.map(({ bytes }) => bytes) },
    ),
    fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: mutations }),
  )
  .map(([bytes, changes]) => mutated(bytes, changes));

export async function fuzzHeads(plan: FuzzPlan): Promise<FuzzResult> {
  const node = new NodeReader();
  const known = new KnownFields();
  const failures: Failure[] = [];
  let fast = 0;
  let runs = 0;
  for (let batch = 0; runs < plan.runs && failures.length < plan.maxFailures; batch += 1) {
    const numRuns = Math.min(BATCH, plan.runs - runs);
    const texts = fc.sample(anyHead, { seed: plan.seed + batch, numRuns });
    const reader = new HeadReader(known);
    for (const text of texts) {
      const head = reader.read(Buffer.from(text, 'latin1'), 0, LIMITS);
      if (head === null) continue;
      fast += 1;
      const why = await problemOf(text, head, node);
      if (why !== null) failures.push(failureOf(why, text));
    }
    runs += texts.length;
  }
  await node.close();
  return { runs, failures, fast, grownBytes: 0 };
}

/** Reads once again what failed once. */
export async function replayHeads(texts: readonly string[]): Promise<readonly Failure[]> {
  const node = new NodeReader();
  const failures: Failure[] = [];
  for (const text of texts) {
    const head = new HeadReader(new KnownFields()).read(Buffer.from(text, 'latin1'), 0, LIMITS);
    const why = head === null ? null : await problemOf(text, head, node);
    if (why !== null) failures.push(failureOf(why, text));
  }
  await node.close();
  return failures;
}

async function problemOf(text: string, head: ReadHead, node: NodeReader): Promise<string | null> {
  return readsWhole(text, head) ?? (await node.differs(text.slice(0, head.byteLength), head));
}

function failureOf(why: string, bytes: string): Failure {
  return { why, shown: literal(bytes), kept: { kind: 'head', bytes } };
}

/** A head that has not come whole is none, wherever it is cut; what stands before it makes no difference. */
function readsWhole(text: string, { byteLength, target }: ReadHead): string | null {
  const bytes = Buffer.from(`12345${text}`, 'latin1');
  const reader = new HeadReader(new KnownFields());
  const again = reader.read(bytes, 5, LIMITS);
  if (again?.byteLength !== byteLength || again.target !== target) return 'it reads another elsewhere';
  for (const missing of [1, 2, 4, Math.ceil(byteLength / 2)]) {
    const cut = bytes.subarray(0, 5 + byteLength - missing);
    if (reader.read(cut, 5, LIMITS) !== null) return `read without the last ${missing} bytes`;
  }
  return null;
}

function isRefused(request: ClientRequest): boolean {
  return requestProblem(request, DEFAULT_SETTINGS.limits) !== null;
}

/** As the fast way has it checked: the target is sound where the reader accepts it. */
function readByFront({ method, fields: { lines, host } }: ReadHead): ClientRequest {
  const line = { method, target: '/', httpVersion: '1.1' };
  return { ...line, fields: lines, host, hasBody: false, clientAddress: '', wantsKey: false };
}

/** node's own server on connections that are none: what it makes of bytes, without a socket between. */
class NodeReader {
  readonly #server: Server = createServer({ requireHostHeader: false });
  #heard: ((what: IncomingMessage | string) => void) | null = null;
  #connection: Duplex | null = null;

  constructor() {
    this.#server.maxHeadersCount = 0;
    this.#server.on('request', (request, response) => {
      response.end();
      request.resume();
      this.#heard?.(request);
    });
    this.#server.on('clientError', (error) => this.#heard?.(error.message));
    for (const event of ['upgrade', 'connect', 'checkContinue', 'checkExpectation'] as const) {
      this.#server.on(event, () => this.#heard?.(event));
    }
  }

  async differs(bytes: string, head: ReadHead): Promise<string | null> {
    const { closes } = head.fields;
    const [first, second] = await this.#read(bytes + (closes ? '' : NEXT), closes ? 1 : 2);
    if (closes) this.#connection = null;
    if (first === undefined || typeof first === 'string') return `node:http: ${first ?? 'nothing'}`;
    if (!closes && (second === undefined || typeof second === 'string' || second.url !== '/next')) {
      return 'node:http has the next request begin elsewhere';
    }
    const { lines, host } = head.fields;
    const read = [first.method, first.url, first.httpVersion, first.headers.host, ...first.rawHeaders];
    const same = [head.method, head.target, '1.1', host, ...lines];
    if (JSON.stringify(read) !== JSON.stringify(same)) return `node:http reads ${JSON.stringify(read)}`;
    if (isRefused(readClientRequest(first)) !== isRefused(readByFront(head))) {
      return 'the check of requests has something else to say of it';
    }
    const isFramed = first.headers['content-length'] ?? first.headers['transfer-encoding'];
    return isFramed === undefined ? null : 'it has a body';
  }

  #read(bytes: string, count: number): Promise<(IncomingMessage | string)[]> {
    const connection = (this.#connection ??= this.#connect());
    return new Promise((resolve) => {
      const all: (IncomingMessage | string)[] = [];
      this.#heard = (what) => {
        all.push(what);
        if (typeof what === 'string') this.#connection = null;
        if (all.length === count || typeof what === 'string') resolve(all);
      };
      connection.push(Buffer.from(bytes, 'latin1'));
    });
  }

  #connect(): Duplex {
    const connection = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
    connection.on('error', () => {});
    this.#server.emit('connection', connection);
    return connection;
  }

  close(): Promise<void> {
    this.#connection?.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
