/**
 * The listening side: one node:http server per loopback address with the front before it, checks that belong to the
 * connection, and a drain that loses no request. First step of the request's path; what it accepts goes to the
 * handlers it was given.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LarderError } from '../../../shared/error-codes';
import type { Limits } from '../../../shared/settings';
import { errorCode } from '../origin/origin-errors';
import { writeClientError } from './client-error';
import { afterAnswers } from './ending';
import { Front, type FrontHandlers } from './front/front';

const LOOPBACK_V4 = '127.0.0.1';
const LOOPBACK_V6 = '::1';
/** What node's parser takes beyond the limit: requestProblem is stricter, and can tell a long target from large fields. */
const PARSER_ROOM_BYTES = 32 * 1024;
/** How often is looked for connections that are late. */
const LATE_CHECK_MS = 500;
/** So many that are refused may wait for their answer to be read; the others are closed without a word. */
const MAX_REFUSED = 1000;
const FREE_PORT_ATTEMPTS = 10;
/** How long a listener that is left still takes what is on its way to it. */
const LEAVE_MS = 1000;
const SWEEP_MS = 100;

export interface ListenerHandlers {
  /** Of this moment. */
  limits(): Limits;
  readonly front: FrontHandlers;
  request(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** CONNECT, or an Expect that cannot be met: already known to be refused. */
  refuse(request: IncomingMessage, response: ServerResponse, error: LarderError): void;
}

export interface Listener {
  readonly port: number;
  readonly addresses: readonly string[];
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** `limits()` gives others than before. */
  limitsChanged(): void;
  /** No new connections from now on; the port is free at once. Those there are may finish. */
  stopAccepting(): void;
  /** Stops accepting, waits for requests in flight for graceMs at most, then cuts them. */
  close(graceMs: number): Promise<void>;
  /** For a listener that another has replaced: goes on for a moment, so that nobody under way is refused, then closes. */
  leave(graceMs: number): Promise<void>;
}

/** Listens on `host`, or on both loopback addresses where it is null.
 *  @throws LarderError port_in_use, port_denied or host_unavailable */
export async function listen(
  port: number,
  host: string | null,
  handlers: ListenerHandlers,
): Promise<Listener> {
  const all = new Set<Socket>();
  const openOn = (address: string, at: number): Promise<OpenServer> =>
    open({ port: at, host: address }, handlers, all);
  if (host !== null && host !== 'localhost') return createListener([await openOn(host, port)], handlers);
  for (let attempt = 1; ; attempt += 1) {
    const first = await openOn(LOOPBACK_V4, port);
    try {
      return createListener([first, await openOn(LOOPBACK_V6, portOf(first.server))], handlers);
    } catch (error) {
      if (error instanceof LarderError && error.code === 'host_unavailable')
        return createListener([first], handlers);
      first.server.close();
      if (port !== 0 || attempt === FREE_PORT_ATTEMPTS) throw error;
    }
  }
}

interface OpenServer {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  /** Called each time the last connection is gone. */
  readonly whenEmpty: Set<() => void>;
  readonly front: Front;
}

interface Address {
  readonly port: number;
  readonly host: string;
}

/** @param all connections of all servers of the listener */
async function open(
  { port, host }: Address,
  handlers: ListenerHandlers,
  all: Set<Socket>,
): Promise<OpenServer> {
  const { limits } = handlers;
  const server = createServer({
    noDelay: true,
    keepAlive: true,
    // Answered by requestProblem, in our own words.
    requireHostHeader: false,
    connectionsCheckingInterval: LATE_CHECK_MS,
  });
  // Counted by requestProblem: beyond its own limit node drops fields without a word.
  server.maxHeadersCount = 0;
  server.requestTimeout = 0;
  limit(server, limits());
  const opened: OpenServer = {
    server,
    sockets: new Set(),
    whenEmpty: new Set(),
    front: frontBefore(server, handlers),
  };
  server.on('connection', (socket) => {
    keepAccount(opened, all, socket);
    if (all.size <= limits().connections) opened.front.accept(socket);
    else refuseConnection(socket, all.size - limits().connections);
  });
  attach(opened, handlers);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen({ port, host, exclusive: true, ipv6Only: true }, resolve);
  });
  server.on('error', () => {
    // A connection that could not be accepted (too many open files): the next one may be.
  });
  const sweep = setInterval(() => opened.front.sweep(), LATE_CHECK_MS).unref();
  server.once('close', () => clearInterval(sweep));
  return opened;
}

/** What node itself looks at when a connection begins, or when it looks for late ones. */
function limit(server: Server & { maxHeaderSize?: number }, limits: Limits): void {
  server.maxHeaderSize = limits.headBytes + PARSER_ROOM_BYTES;
  server.headersTimeout = limits.headTimeoutMs;
  server.keepAliveTimeout = limits.idleTimeoutMs;
}

/** Node's own listener for connections is kept for those that the front hands over. */
function frontBefore(server: Server, { front: handlers, limits }: ListenerHandlers): Front {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const handOver = (socket: Socket): void => {
    for (const listener of listeners) listener.call(server, socket);
  };
  return new Front({ handlers, limits, handOver });
}

function keepAccount({ sockets, whenEmpty }: OpenServer, all: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  all.add(socket);
  socket.on('close', () => {
    sockets.delete(socket);
    all.delete(socket);
    if (sockets.size === 0) for (const emptied of whenEmpty) emptied();
  });
}

/** @param refused how many are, this one too */
function refuseConnection(socket: Socket, refused: number): void {
  if (refused > MAX_REFUSED) {
    socket.destroy();
    return;
  }
  const message = 'Larder has as many client connections as it may; close some, or raise limits.connections';
  writeClientError(socket, new LarderError('too_many_connections', message));
}

function attach(opened: OpenServer, handlers: ListenerHandlers): void {
  const { server } = opened;
  /** The last response begun on each connection. */
  const last = new WeakMap<Socket, ServerResponse>();
  const receive =
    (handle: (request: IncomingMessage, response: ServerResponse) => void) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      // Behind a response that closes the connection nothing is processed (RFC 9112 §9.6), though node still parses it.
      if (last.get(request.socket)?.shouldKeepAlive === false) {
        request.resume();
        return;
      }
      last.set(request.socket, response);
      // An idle connection need not keep its last exchange.
      response.once('close', () => {
        if (response.shouldKeepAlive && last.get(request.socket) === response) last.delete(request.socket);
      });
      if (opened.front.draining) response.shouldKeepAlive = false;
      handle(request, response);
    };
  const take = (expectsContinue: boolean) =>
    receive((request, response) => handlers.request(request, response, expectsContinue));
  const refuse = receive((request, response) => {
    const message = `Expect: ${request.headers.expect ?? ''} cannot be met; only 100-continue is known`;
    handlers.refuse(request, response, new LarderError('expectation_failed', message));
  });
  server.on('request', take(false));
  server.on('checkContinue', take(true));
  server.on('checkExpectation', refuse);
  server.on('upgrade', (request, socket, head) =>
    afterAnswers(socket, () => handlers.upgrade(request, socket, head)),
  );
  server.on('connect', (_request, socket) => {
    writeClientError(socket, new LarderError('method_not_allowed', 'CONNECT is not for a reverse proxy'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    writeClientError(socket, parserError(error, handlers.limits())),
  );
}

function createListener(open: readonly OpenServer[], { limits }: ListenerHandlers): Listener {
  const first = open[0]?.server;
  if (first === undefined) throw new Error('a listener needs a server');
  const port = portOf(first);
  const addresses = open.map(({ server }) => addressOf(server).address);
  const stopAccepting = (): void => {
    for (const one of open) {
      one.front.draining = true;
      one.server.close();
    }
  };
  const close = async (graceMs: number): Promise<void> => {
    stopAccepting();
    await Promise.all(open.map((one) => drain(one, graceMs)));
  };
  return {
    port,
    addresses,
    url: `http://${hostInUrl(addresses[0] ?? LOOPBACK_V4)}:${port}`,
    limitsChanged: () => {
      for (const { server } of open) limit(server, limits());
    },
    stopAccepting,
    close,
    leave: async (graceMs) => {
      for (const one of open) one.front.draining = true;
      await new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref());
      await close(graceMs);
    },
  };
}

/** Until the last connection is gone: idle ones at once, the others when their response has ended. */
function drain({ server, sockets, whenEmpty, front }: OpenServer, graceMs: number): Promise<void> {
  if (sockets.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const closeIdle = (): void => {
      server.closeIdleConnections();
      front.closeIdle();
      // Connections that have not begun a request are not idle to node.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    };
    const sweep = setInterval(closeIdle, SWEEP_MS);
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, graceMs);
    const emptied = (): void => {
      whenEmpty.delete(emptied);
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    };
    whenEmpty.add(emptied);
    closeIdle();
  });
}

/** The next port above `port` that can be listened on; null where none of the next 100 can. */
export async function nextFreePort(port: number, host: string | null): Promise<number | null> {
  for (let candidate = port + 1; candidate <= Math.min(port + 100, 65_535); candidate += 1) {
    const loopback = host === null || host === 'localhost';
    const free = loopback
      ? (await canListen(candidate, LOOPBACK_V4)) && (await canListen(candidate, LOOPBACK_V6))
      : await canListen(candidate, host);
    if (free) return candidate;
  }
  return null;
}

function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    // An address that this machine does not have (no IPv6) is nothing that could be taken.
    server.once('error', (error) =>
      resolve(errorCode(error) !== 'EADDRINUSE' && errorCode(error) !== 'EACCES'),
    );
    server.listen({ port, host, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}

function listenError(error: Error, port: number, host: string): LarderError {
  const options = { cause: error };
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new LarderError(
        'port_in_use',
        `Port ${port} is taken by another program; choose another port`,
        options,
      );
    case 'EACCES':
      return new LarderError(
        'port_denied',
        `Port ${port} needs more rights; choose one from 1024 up`,
        options,
      );
    default:
      return new LarderError('host_unavailable', `${host} is not an address of this machine`, options);
  }
}

function parserError(
  error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer },
  { headBytes }: Limits,
): LarderError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return headTooLarge(error.rawPacket, headBytes);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new LarderError('body_too_large', 'A chunk extension is too long');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new LarderError('request_timeout', 'The request did not arrive in time');
    default:
      return new LarderError('bad_request', `The request is malformed (${error.code ?? error.message})`);
  }
}

/** Where the bytes end in a request line without its end, it is the target that is too long. */
function headTooLarge(bytes: Buffer | undefined, headBytes: number): LarderError {
  const message = `The request's head is larger than ${headBytes} bytes`;
  const line = bytes?.subarray(bytes.lastIndexOf('\n') + 1);
  const inTarget = line !== undefined && /^[A-Z-]+ \//.test(line.toString('latin1', 0, 32));
  return new LarderError(inTarget ? 'target_too_long' : 'fields_too_large', message);
}

function portOf(server: Server): number {
  return addressOf(server).port;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening');
  return address;
}

function hostInUrl(address: string): string {
  if (address === '::' || address === '0.0.0.0') return LOOPBACK_V4;
  return address.includes(':') ? `[${address}]` : address;
}
