/**
 * The listening side: one node:http server per loopback address, checks that
 * belong to the connection, and a drain that loses no request. First step of
 * the request's path; what it accepts goes to the handler it was given.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LarderError } from '../../../shared/error-codes';
import { errorCode } from '../origin/origin-errors';
import { writeClientError } from './client-error';

const LOOPBACK_V4 = '127.0.0.1';
const LOOPBACK_V6 = '::1';
/** For the parser; requestProblem is stricter, and can tell a long target from large fields. */
const MAX_HEAD_BYTES = 48 * 1024;
const HEAD_TIMEOUT_MS = 15_000;
/** How often node looks for heads that are late. */
const HEAD_CHECK_MS = 500;
const KEEP_ALIVE_MS = 65_000;
const FREE_PORT_ATTEMPTS = 10;
/** How long a listener that is left still takes what is on its way to it. */
const LEAVE_MS = 1000;
const SWEEP_MS = 100;

export interface ListenerHandlers {
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
  headTimeoutMs = HEAD_TIMEOUT_MS,
): Promise<Listener> {
  const openOn = (address: string, at: number): Promise<OpenServer> =>
    open({ port: at, host: address, headTimeoutMs }, handlers);
  if (host !== null && host !== 'localhost') return createListener([await openOn(host, port)]);
  for (let attempt = 1; ; attempt += 1) {
    const first = await openOn(LOOPBACK_V4, port);
    try {
      return createListener([first, await openOn(LOOPBACK_V6, portOf(first.server))]);
    } catch (error) {
      if (error instanceof LarderError && error.code === 'host_unavailable') return createListener([first]);
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
  /** Responses end their connection from now on. */
  draining: boolean;
}

interface Address {
  readonly port: number;
  readonly host: string;
  readonly headTimeoutMs: number;
}

async function open({ port, host, headTimeoutMs }: Address, handlers: ListenerHandlers): Promise<OpenServer> {
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    noDelay: true,
    keepAlive: true,
    // Answered by requestProblem, in our own words.
    requireHostHeader: false,
    connectionsCheckingInterval: HEAD_CHECK_MS,
  });
  // Counted by requestProblem: beyond its own limit node drops fields without a word.
  server.maxHeadersCount = 0;
  server.headersTimeout = headTimeoutMs;
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = new Set<Socket>();
  const whenEmpty = new Set<() => void>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const emptied of whenEmpty) emptied();
    });
  });
  const opened: OpenServer = { server, sockets, whenEmpty, draining: false };
  attach(opened, handlers);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen({ port, host, exclusive: true, ipv6Only: true }, resolve);
  });
  server.on('error', () => {
    // A connection that could not be accepted (too many open files): the next one may be.
  });
  return opened;
}

function attach(opened: OpenServer, handlers: ListenerHandlers): void {
  const { server } = opened;
  const receive = (expectsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    if (opened.draining) response.shouldKeepAlive = false;
    handlers.request(request, response, expectsContinue);
  };
  server.on('request', receive(false));
  server.on('checkContinue', receive(true));
  server.on('checkExpectation', (request, response) => {
    const message = `Expect: ${request.headers.expect ?? ''} cannot be met; only 100-continue is known`;
    handlers.refuse(request, response, new LarderError('expectation_failed', message));
  });
  server.on('upgrade', (request, socket, head) => handlers.upgrade(request, socket, head));
  server.on('connect', (_request, socket) => {
    writeClientError(socket, new LarderError('method_not_allowed', 'CONNECT is not for a reverse proxy'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    writeClientError(socket, parserError(error)),
  );
}

function createListener(open: readonly OpenServer[]): Listener {
  const first = open[0]?.server;
  if (first === undefined) throw new Error('a listener needs a server');
  const port = portOf(first);
  const addresses = open.map(({ server }) => addressOf(server).address);
  const stopAccepting = (): void => {
    for (const one of open) {
      one.draining = true;
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
    stopAccepting,
    close,
    leave: async (graceMs) => {
      for (const one of open) one.draining = true;
      await new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref());
      await close(graceMs);
    },
  };
}

/** Until the last connection is gone: idle ones at once, the others when their response has ended. */
function drain({ server, sockets, whenEmpty }: OpenServer, graceMs: number): Promise<void> {
  if (sockets.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const closeIdle = (): void => {
      server.closeIdleConnections();
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

function parserError(error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }): LarderError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return headTooLarge(error.rawPacket);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new LarderError('body_too_large', 'A chunk extension is too long');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new LarderError('request_timeout', 'The request did not arrive in time');
    default:
      return new LarderError('bad_request', `The request is malformed (${error.code ?? error.message})`);
  }
}

/** Where the bytes hold a request line without its end, it is the target that is too long. */
function headTooLarge(bytes: Buffer | undefined): LarderError {
  const message = `The request's head is larger than ${MAX_HEAD_BYTES / 1024} KiB`;
  const inTarget =
    bytes !== undefined && /^[A-Z-]+ \//.test(bytes.toString('latin1', 0, 32)) && !bytes.includes('\n');
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
