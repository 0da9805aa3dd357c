/**
 * The way upstream: an undici agent with keep-alive connections to the origin.
 * Maps failures to codes, retries an idempotent request once where a reused
 * connection turned out to be closed, and watches for progress of the body.
 */
import { performance } from 'node:perf_hooks';
import { getCACertificates, rootCertificates } from 'node:tls';
import * as tls from 'node:tls';
import type { Duplex, Readable } from 'node:stream';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { UpstreamSettings } from '../../../shared/settings';
import { LarderError } from '../../../shared/error-codes';
import { fieldValue, type RawFields } from '../http/raw-fields';
import { beginUse, ConnectionUse, watchConnections } from './connection-reuse';
import { errorCode, originError } from './origin-errors';
import type { OriginExchange, OriginHead, OriginSink, OriginTimes } from './origin-response';

const CONNECTIONS_PER_ORIGIN = 128;
const KEEP_ALIVE_MS = 30_000;
const MAX_FIELDS_BYTES = 64 * 1024;
/** An origin that says more before its answer is not going to give one. */
const MAX_INTERIM = 1000;
/** What undici does not undo must not pass for the content (RFC 9112 §6.1, §7). A word that is no coding says nothing. */
const CODING = /chunked|gzip|deflate|compress|identity/i;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface OriginRequest {
  readonly method: string;
  /** `https://host:port`, without path. */
  readonly origin: string;
  /** Origin-form path with the base's prefix. */
  readonly path: string;
  readonly fields: RawFields;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface UpgradeResult {
  readonly head: OriginHead;
  readonly socket: Duplex;
}

export interface OriginClient {
  send(request: OriginRequest, sink: OriginSink): OriginExchange;
  /** Asks for another protocol. `onUpgrade` on 101; any other answer goes to the sink. */
  upgrade(
    request: OriginRequest & { readonly protocol: string },
    sink: OriginSink & { onUpgrade(result: UpgradeResult): void },
  ): OriginExchange;
  close(): Promise<void>;
}

export function createOriginClient(
  upstream: UpstreamSettings,
  env: NodeJS.ProcessEnv = process.env,
): OriginClient {
  watchConnections();
  const ways = createWays(upstream, env);
  const call = (options: Omit<CallOptions, 'dispatcher' | 'upstream'>): OriginCall => {
    const dispatcher = options.request.origin.startsWith('https:') ? ways.https : ways.http;
    return new OriginCall({ ...options, dispatcher, upstream });
  };
  return {
    send: (request, sink) => call({ request, sink }),
    upgrade: (request, sink) => call({ request, sink, onUpgrade: (result) => sink.onUpgrade(result) }),
    close: async () => {
      await Promise.all([ways.http.destroy(), ways.https.destroy()]);
    },
  };
}

interface Ways {
  readonly http: Dispatcher;
  readonly https: Dispatcher;
}

function createWays(upstream: UpstreamSettings, env: NodeJS.ProcessEnv): Ways {
  const connect = {
    timeout: upstream.connectTimeoutMs,
    rejectUnauthorized: !upstream.acceptSelfSigned,
    ca: trustedCertificates(),
  };
  const options = {
    allowH2: false,
    pipelining: 1,
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: upstream.headTimeoutMs,
    bodyTimeout: 0,
    maxHeaderSize: MAX_FIELDS_BYTES,
    connect,
  };
  const direct = new Agent(options);
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  if (httpProxy === '' && httpsProxy === '') return { http: direct, https: direct };
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const proxied = new EnvHttpProxyAgent({ ...options, requestTls: connect, httpProxy, httpsProxy, noProxy });
  // undici alone would lead https through HTTP_PROXY where there is no HTTPS_PROXY.
  return { http: httpProxy === '' ? direct : proxied, https: httpsProxy === '' ? direct : proxied };
}

/** Node's bundled authorities and, where this Node can list them, the system's. */
function trustedCertificates(): string[] {
  const listed: typeof getCACertificates | undefined = tls.getCACertificates;
  if (typeof listed !== 'function') return [...rootCertificates];
  return [...new Set([...listed('default'), ...listed('system')])];
}

interface CallOptions {
  readonly dispatcher: Dispatcher;
  readonly upstream: UpstreamSettings;
  readonly request: OriginRequest & { readonly protocol?: string };
  readonly sink: OriginSink;
  readonly onUpgrade?: (result: UpgradeResult) => void;
}

/** One request upstream, from dispatch to the end of its response. */
class OriginCall implements OriginExchange, Dispatcher.DispatchHandler {
  readonly times: OriginTimes = { dispatchedAt: 0, sentAt: null, headAt: null, connection: null };
  readonly #options: CallOptions;
  readonly #connection = new ConnectionUse();
  #controller: Dispatcher.DispatchController | null = null;
  #headSeen = false;
  #done = false;
  #retried = false;
  #interim = 0;
  #bodyTimer: NodeJS.Timeout | null = null;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#dispatch();
  }

  #dispatch(): void {
    const { dispatcher, request } = this.#options;
    const { origin, path, method, protocol } = request;
    const headers = request.fields as string[];
    const body = request.body as unknown as Readable | null;
    const asked = { origin, path, method, headers, body };
    this.times.dispatchedAt = performance.now();
    try {
      dispatcher.dispatch(protocol === undefined ? asked : { ...asked, upgrade: protocol }, this);
    } catch (error) {
      queueMicrotask(() => this.#fail(error));
    }
  }

  resume(): void {
    if (this.#done || this.#controller === null) return;
    this.#bodyTimer?.refresh();
    this.#controller.resume();
  }

  abort(): void {
    if (this.#done) return;
    this.#finish();
    this.#controller?.abort(new LarderError('origin_unreachable', 'The client left'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.times.sentAt = performance.now();
    beginUse(this.#connection);
    if (this.#done) controller.abort(new LarderError('origin_unreachable', 'The client left'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _fields: unknown,
    text?: string,
  ): void {
    if (this.#done) return;
    const head = { status, statusText: decodeText(text), fields: decodeFields(controller.rawHeaders) };
    if (status < 200) {
      this.#onInterim(head);
      return;
    }
    const coding = fieldValue(head.fields, 'transfer-encoding');
    if (coding !== undefined && coding.toLowerCase() !== 'chunked' && CODING.test(coding)) {
      this.#refuse(`Transfer-Encoding: ${coding}, which was not asked for`);
      return;
    }
    this.#headSeen = true;
    this.#noteHead();
    // What has ended in the same turn, as small bodies do, needs no watch.
    queueMicrotask(() => this.#watchBody(head));
    this.#options.sink.onHead(head);
  }

  #onInterim(head: OriginHead): void {
    this.#interim += 1;
    // A 101 that was not asked for, or does not say to what: undici reads no further.
    if (head.status < 100 || head.status === 101) this.#refuse(`the status ${head.status}`);
    else if (this.#interim > MAX_INTERIM) this.#refuse('interim responses without end');
    else this.#options.sink.onInterim(head);
  }

  #refuse(what: string): void {
    const { origin } = this.#options.request;
    const error = new LarderError('origin_invalid_response', `${origin} sent ${what}`);
    this.#fail(error);
    this.#controller?.abort(error);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    _fields: unknown,
    socket: Duplex,
  ): void {
    if (this.#done || this.#options.onUpgrade === undefined) {
      socket.destroy();
      return;
    }
    this.#finish();
    this.#noteHead();
    const head = { status, statusText: 'Switching Protocols', fields: decodeFields(controller.rawHeaders) };
    this.#options.onUpgrade({ head, socket });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    this.#bodyTimer?.refresh();
    if (!this.#options.sink.onData(chunk)) {
      controller.pause();
    }
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#done) return;
    if (!this.#headSeen || this.#connection.hasFailed) {
      this.#fail(Object.assign(new Error('reset within a response'), { code: 'ECONNRESET' }));
      return;
    }
    this.#finish();
    this.#options.sink.onEnd(decodeFields(controller.rawTrailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#done) return;
    if (this.#mayRetry(error)) {
      this.#retried = true;
      this.#controller = null;
      this.#dispatch();
      return;
    }
    this.#fail(error);
  }

  /** RFC 9112 §9.3.1: a reused connection may have been closed as the request was sent. */
  #mayRetry(error: Error): boolean {
    const { method, body, protocol } = this.#options.request;
    if (this.#retried || this.#headSeen || body !== null || protocol !== undefined) return false;
    return IDEMPOTENT.has(method) && CONNECTION_LOST.has(errorCode(error)) && this.#connection.wasReused;
  }

  #fail(error: unknown): void {
    if (this.#done) return;
    this.#finish();
    this.#noteConnection();
    const { request, sink } = this.#options;
    sink.onError(originError(error, request.origin));
  }

  #noteHead(): void {
    this.times.headAt = performance.now();
    this.#noteConnection();
  }

  #noteConnection(): void {
    const isNew = this.#connection.openedSince(this.times.dispatchedAt);
    this.times.connection = isNew === null ? null : isNew ? 'new' : 'reused';
  }

  #finish(): void {
    this.#done = true;
    if (this.#bodyTimer !== null) clearTimeout(this.#bodyTimer);
  }

  /** No progress for bodyTimeoutMs is a failure, but not in a stream of events, which may be quiet for long. */
  #watchBody(head: OriginHead): void {
    if (this.#done || isEventStream(head.fields)) return;
    const limit = this.#options.upstream.bodyTimeoutMs;
    this.#bodyTimer = setTimeout(() => this.#stalled(limit), limit);
    this.#bodyTimer.unref();
  }

  #stalled(limit: number): void {
    if (this.#done) return;
    if (this.#controller?.paused === true) {
      this.#bodyTimer?.refresh();
      return;
    }
    const { origin } = this.#options.request;
    const error = new LarderError(
      'origin_timeout',
      `${origin} sent nothing for ${limit / 1000} s within a body`,
    );
    this.#fail(error);
    this.#controller?.abort(error);
  }
}

export function isEventStream(fields: RawFields): boolean {
  return (fieldValue(fields, 'content-type') ?? '').toLowerCase().startsWith('text/event-stream');
}

const PLAIN = /^[\x20-\x7e]*$/;
// eslint-disable-next-line no-control-regex -- they are what it looks for
const CONTROL_CHARACTERS = /[\x00-\x08\x0a-\x1f\x7f]/g;

/** undici reads the reason as UTF-8, node writes it as latin1: the bytes stay the origin's. Control characters go. */
function decodeText(text = ''): string {
  if (PLAIN.test(text)) return text;
  return Buffer.from(text, 'utf8').toString('latin1').replace(CONTROL_CHARACTERS, '');
}

function decodeFields(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
