/** Larder's own endpoints on the proxy's port: /cache/clear and /.larder/. They shadow the origin's. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineStatus } from '../../../shared/engine-status';
import { LarderError } from '../../../shared/error-codes';
import type { LarderEngine } from '../larder-engine';
import { requestProblem, type ClientRequest } from './client-request';
import { endpointProblem } from './endpoint-guard';
import { streamEvents } from './event-stream';
import { errorAnswer, jsonAnswer, writeOwnAnswer, type OwnAnswer } from './own-answer';

type Api = Pick<
  LarderEngine,
  | 'settings'
  | 'status'
  | 'clear'
  | 'entries'
  | 'entry'
  | 'entryBody'
  | 'deleteEntries'
  | 'deleteMatching'
  | 'subscribe'
>;

interface EndpointCall {
  readonly api: Api;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** Rest of the path, where the endpoint takes an id. */
  readonly id: string;
}

/** Answers, or has taken over the response and returns null. */
type Endpoint = (call: EndpointCall) => Promise<OwnAnswer | null>;
type Methods = Readonly<Record<string, Endpoint>>;

const CLEAR_PATH = '/cache/clear';
const NAMESPACE = '/.larder/';

const STATUS: Methods = { GET: async ({ api }) => jsonAnswer(200, statusJson(api)) };
const CLEAR: Methods = { POST: async ({ api }) => jsonAnswer(200, await api.clear()) };
const ENTRIES: Methods = { GET: listEntries, DELETE: deleteMatching };
const ENTRY: Methods = { GET: showEntry, DELETE: deleteEntry };
const BODY: Methods = { GET: showBody };
const EVENTS: Methods = {
  GET: async ({ api, response }) => {
    streamEvents(response, api.subscribe);
    return null;
  },
};

export function isEndpoint(target: string): boolean {
  if (target.startsWith(NAMESPACE)) return true;
  return target === CLEAR_PATH || target.startsWith(`${CLEAR_PATH}?`) || target === '/.larder';
}

/** Whether the answer has no end. */
export function isEventStream(message: IncomingMessage): boolean {
  return message.method === 'GET' && message.url?.split('?')[0] === `${NAMESPACE}events`;
}

export async function answerEndpoint(
  request: ClientRequest,
  response: ServerResponse,
  api: Api,
  allowedHosts: readonly string[],
): Promise<void> {
  const malformed = requestProblem(request, api.settings.limits);
  if (malformed !== null) {
    writeOwnAnswer(response, failure(request, malformed), true);
    return;
  }
  let answer: OwnAnswer | null;
  try {
    answer = await route(request, response, api, allowedHosts);
  } catch (error) {
    const known =
      error instanceof LarderError ? error : new LarderError('internal', 'Larder failed', { cause: error });
    answer = failure(request, known);
  }
  if (answer !== null && !response.headersSent) writeOwnAnswer(response, answer, request.hasBody);
}

function failure(request: ClientRequest, error: LarderError): OwnAnswer {
  return errorAnswer(error, request.fields, `larder; detail=${error.code}`);
}

async function route(
  request: ClientRequest,
  response: ServerResponse,
  api: Api,
  allowedHosts: readonly string[],
): Promise<OwnAnswer | null> {
  const problem = endpointProblem(request, allowedHosts);
  if (problem !== null) throw problem;
  const [path = '', search = ''] = split(request.target);
  const { methods, id } = find(path);
  const method = request.method === 'HEAD' && methods !== EVENTS ? 'GET' : request.method;
  const endpoint = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (endpoint === undefined) return notAllowed(request, methods);
  return endpoint({ api, query: new URLSearchParams(search), response, id });
}

function find(path: string): { methods: Methods; id: string } {
  if (path === CLEAR_PATH) return { methods: CLEAR, id: '' };
  switch (path.slice(NAMESPACE.length)) {
    case 'status':
      return { methods: STATUS, id: '' };
    case 'entries':
      return { methods: ENTRIES, id: '' };
    case 'events':
      return { methods: EVENTS, id: '' };
    default:
      return findEntry(path.slice(NAMESPACE.length));
  }
}

function findEntry(path: string): { methods: Methods; id: string } {
  const match = /^entries\/([\w-]{1,128})(\/body)?$/.exec(path);
  if (match?.[1] === undefined) throw new LarderError('not_found', 'Larder has no such endpoint');
  return { methods: match[2] === undefined ? ENTRY : BODY, id: match[1] };
}

function notAllowed(request: ClientRequest, methods: Methods): OwnAnswer {
  const allow = Object.keys(methods).join(', ');
  const error = new LarderError(
    'method_not_allowed',
    `${request.method} is not for this endpoint; it takes ${allow}`,
  );
  const answer = failure(request, error);
  return { ...answer, fields: [...answer.fields, 'Allow', allow] };
}

function statusJson(api: Api): unknown {
  const status = api.status();
  return {
    version: status.version,
    origin: status.origin,
    demo: status.demo,
    port: status.listen.kind === 'listening' ? status.listen.port : null,
    store: shownStore(status.store),
    policy: status.policy,
    ttl: status.ttlSeconds,
    entries: status.store.entries,
    bytes: status.store.bytes,
    hits: status.counters.hits,
    fastHits: status.counters.fastHits,
    misses: status.counters.misses,
    uptime: Math.floor(status.uptimeSeconds),
  };
}

async function listEntries({ api, query }: EndpointCall): Promise<OwnAnswer> {
  const q = query.get('q');
  const cursor = query.get('cursor');
  const page = await api.entries({
    limit: limitFrom(query.get('limit')),
    ...(q === null || q === '' ? {} : { q }),
    ...(cursor === null || cursor === '' ? {} : { cursor }),
  });
  return jsonAnswer(200, page);
}

function limitFrom(text: string | null): number {
  if (text === null || text === '') return 100;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new LarderError('bad_request', `limit=${text} must be a whole number from 1 to 1000`);
}

/** Bytes throughout; `body` as the origin sent them, `kept` as they are stored. */
function shownStore(store: EngineStatus['store']) {
  const { persistence, nearCache } = store;
  return {
    kind: store.kind,
    health: store.health.state,
    message: store.health.message,
    budget: store.budgetBytes,
    bodies: { bytes: store.bodyBytes, kept: store.storedBodyBytes },
    persistence: persistence && {
      state: persistence.state,
      message: persistence.message,
      bytes: persistence.bytes,
      budget: persistence.budgetBytes,
    },
    near: nearCache && {
      state: nearCache.state,
      entries: nearCache.entries,
      bytes: nearCache.bytes,
      budget: nearCache.budgetBytes,
    },
  };
}

async function deleteMatching({ api, query }: EndpointCall): Promise<OwnAnswer> {
  const glob = query.get('match');
  if (glob === null || glob === '') {
    throw new LarderError(
      'bad_request',
      'match is missing: give a glob such as /v2/products*, or POST /cache/clear',
    );
  }
  return jsonAnswer(200, await api.deleteMatching(glob));
}

async function showEntry({ api, id }: EndpointCall): Promise<OwnAnswer> {
  const entry = await api.entry(id);
  if (entry === null) throw notStored(id);
  return jsonAnswer(200, entry);
}

async function deleteEntry({ api, id }: EndpointCall): Promise<OwnAnswer> {
  const result = await api.deleteEntries([id]);
  if (result.cleared === 0) throw notStored(id);
  return jsonAnswer(200, result);
}

/** The body as stored, inert: a page that is opened here must not run on Larder's origin. */
async function showBody({ api, id, response }: EndpointCall): Promise<null> {
  const body = await api.entryBody(id);
  if (body === null) throw notStored(id);
  response.writeHead(200, {
    'Content-Type': body.contentType ?? 'application/octet-stream',
    ...(body.contentEncoding === null ? {} : { 'Content-Encoding': body.contentEncoding }),
    'Content-Length': body.bytes.byteLength,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body.bytes);
  return null;
}

function notStored(id: string): LarderError {
  return new LarderError('not_found', `No stored response has the id ${id}; it may have been evicted`);
}

function split(target: string): string[] {
  const mark = target.indexOf('?');
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}
