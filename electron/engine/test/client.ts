/** A plain HTTP client for tests: one connection a request unless an agent is given, bytes as they came. */
import { request as httpRequest, type Agent } from 'node:http';
import { connect } from 'node:net';

export interface ClientOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Uint8Array;
  readonly agent?: Agent;
  readonly host?: string;
}

export interface ClientAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  readonly trailers: NodeJS.Dict<string>;
  readonly interim: readonly { status: number; headers: NodeJS.Dict<string | string[]> }[];
}

export function send(port: number, target: string, options: ClientOptions = {}): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const interim: { status: number; headers: NodeJS.Dict<string | string[]> }[] = [];
    const request = httpRequest(
      {
        host: options.host ?? '127.0.0.1',
        port,
        path: target,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: options.agent ?? false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            statusText: response.statusMessage ?? '',
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body,
            text: body.toString('utf8'),
            trailers: response.trailers,
            interim,
          });
        });
      },
    );
    request.on('information', (info) => interim.push({ status: info.statusCode, headers: info.headers }));
    request.on('error', reject);
    request.end(options.body);
  });
}

/** Sends bytes on a connection of their own; resolves with all that came until it was closed. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('close', () => resolve(received));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(received);
      else reject(error);
    });
  });
}
