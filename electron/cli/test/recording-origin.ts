/** A real origin that records what reaches it and answers as the test says. */
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer, get } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

const servers = new Set<Server>();

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  servers.clear();
});

export interface RecordingOrigin {
  readonly url: string;
  readonly port: number;
  /** `GET /path` of each request, in the order of arrival. */
  readonly requests: string[];
}

const hello: RequestListener = (_request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end('hello');
};

export async function startOrigin(answer: RequestListener = hello): Promise<RecordingOrigin> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.add(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, requests };
}

/** A port that nothing listens on, as far as can be known. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Answer {
  readonly status: number;
  readonly fields: IncomingHttpHeaders;
  readonly body: string;
}

export function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, fields: response.headers, body }));
    }).on('error', reject);
  });
}
