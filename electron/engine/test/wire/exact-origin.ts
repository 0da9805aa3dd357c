/** An origin of plain TCP that keeps the exact bytes it was sent, and answers with exact bytes. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface OriginRequest {
  readonly method: string;
  readonly target: string;
  /** Request line and fields, without the empty line. */
  readonly head: string;
  /** Value of the field, lines joined by a comma; undefined where there is none. */
  field(name: string): string | undefined;
  /** Decoded, as far as it has come. */
  body: string;
  /** Every byte of it as it came. */
  raw: string;
  complete: boolean;
}

export type OriginAnswer = (socket: Socket, head: string, request: OriginRequest) => void;

export interface ExactOrigin {
  readonly url: string;
  readonly port: number;
  /** In the order in which their heads came. */
  readonly requests: readonly OriginRequest[];
  /** Connections that were ever made. */
  connections(): number;
  /** All bytes of all connections. */
  received(): string;
  /** How this target is answered from now on, once the request is whole; `bytes()` of raw-origin.ts makes an answer of bytes. */
  answer(target: string, with_: OriginAnswer): void;
  /** How all other targets are answered; by default 200 with a length and `hello TARGET`. */
  answerOthers(with_: OriginAnswer): void;
  /** As soon as the head of a request to this target is there. */
  onHead(target: string, act: OriginAnswer): void;
  close(): Promise<void>;
}

/** 200, plain text, with its length: stored by default. */
export const sayHello: OriginAnswer = (socket, _head, { method, target }) => {
  const body = `hello ${target}`;
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(method === 'HEAD' ? head : head + body, 'latin1');
};

export async function startExactOrigin(): Promise<ExactOrigin> {
  const requests: OriginRequest[] = [];
  const connections: { text: string }[] = [];
  const answers = new Map<string, OriginAnswer>();
  const atHead = new Map<string, OriginAnswer>();
  let others = sayHello;
  const hear: Hear = {
    head: (socket, request) => {
      requests.push(request);
      atHead.get(request.target)?.(socket, request.head, request);
    },
    whole: (socket, request) => (answers.get(request.target) ?? others)(socket, request.head, request),
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const bytes = { text: '' };
    connections.push(bytes);
    readRequests(socket, bytes, hear);
  });
  const close = closing(server);
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections.length,
    received: () => connections.map(({ text }) => text).join(''),
    answer: (target, with_) => void answers.set(target, with_),
    answerOthers: (with_) => void (others = with_),
    onHead: (target, act) => void atHead.set(target, act),
    close,
  };
}

/** A listener that nobody has reason to speak to: it only counts who did. */
export async function startEvil(): Promise<{
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.destroy();
  });
  const close = closing(server);
  return { port: await listening(server), connections: () => connections, close };
}

function closing(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

interface Hear {
  head(socket: Socket, request: OriginRequest): void;
  whole(socket: Socket, request: OriginRequest): void;
}

function readRequests(socket: Socket, connection: { text: string }, hear: Hear): void {
  let unread = '';
  let current: OriginRequest | null = null;
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  const read = (text: string): void => {
    connection.text += text;
    unread += text;
    for (;;) {
      if (current === null) {
        const end = unread.indexOf('\r\n\r\n');
        if (end === -1) return;
        current = requestOf(unread.slice(0, end));
        unread = unread.slice(end + 4);
        hear.head(socket, current);
      }
      const left = takeBody(current, unread);
      unread = left;
      if (!current.complete) return;
      const whole = current;
      current = null;
      hear.whole(socket, whole);
      // What follows an upgrade is not HTTP.
      if (whole.field('upgrade') !== undefined) {
        socket.off('data', read);
        socket.on('data', (more: string) => (connection.text += more));
        connection.text += unread;
        return;
      }
    }
  };
  socket.on('data', read);
}

function requestOf(head: string): OriginRequest {
  const [line = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const field = (name: string): string | undefined => {
    const values = lines
      .filter((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((one) => one.slice(name.length + 1).trim());
    return values.length === 0 ? undefined : values.join(', ');
  };
  return { method, target, head, field, body: '', raw: `${head}\r\n\r\n`, complete: false };
}

/** Moves what belongs to the body; returns what does not, or is not yet enough to tell. */
function takeBody(request: OriginRequest, unread: string): string {
  if (request.field('transfer-encoding') !== undefined) return takeChunks(request, unread);
  const missing = Number(request.field('content-length') ?? 0) - request.body.length;
  const taken = unread.slice(0, missing);
  request.body += taken;
  request.raw += taken;
  request.complete = taken.length === missing;
  return unread.slice(missing);
}

function takeChunks(request: OriginRequest, unread: string): string {
  let left = unread;
  for (;;) {
    const chunk = /^([\dA-Fa-f]+)[^\r\n]*\r\n/.exec(left);
    if (chunk === null) return left;
    const [line, digits = ''] = chunk;
    const size = Number.parseInt(digits, 16);
    const end = size === 0 ? left.indexOf('\r\n\r\n', line.length - 2) + 4 : line.length + size + 2;
    if (end === 3 || left.length < end) return left;
    request.raw += left.slice(0, end);
    if (size > 0) request.body += left.slice(line.length, line.length + size);
    left = left.slice(end);
    if (size === 0) {
      request.complete = true;
      return left;
    }
  }
}
