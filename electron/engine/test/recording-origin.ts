/** A real origin for tests: answers as it is told and records what it was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly string[];
  readonly headers: IncomingMessage['headers'];
  body: string;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface RecordingOrigin {
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  readonly connections: () => number;
  readonly server: Server;
  /** Replaces the answer. */
  answer(with_: Answer): void;
  close(): Promise<void>;
}

export async function startRecordingOrigin(answer: Answer = sayHello): Promise<RecordingOrigin> {
  let current = answer;
  let connections = 0;
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      url: request.url ?? '',
      fields: request.rawHeaders,
      headers: request.headers,
      body: '',
    };
    requests.push(recorded);
    request.setEncoding('latin1');
    request.on('data', (chunk: string) => (recorded.body += chunk));
    current(request, response);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    server,
    answer: (next) => (current = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function sayHello(request: IncomingMessage, response: ServerResponse): void {
  const body = `hello ${request.url}`;
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}
