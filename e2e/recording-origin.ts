/** An origin on a free port that remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface RecordingOrigin {
  readonly url: string;
  readonly port: number;
  /** Targets asked for, in order. */
  readonly requests: readonly string[];
  answer(path: string, answer: Answer): void;
  /** A port that nothing listens on just now. */
  freePort(): Promise<number>;
  /** How often a path was asked for. */
  count(path: string): number;
  close(): Promise<void>;
}

export async function startOrigin(): Promise<RecordingOrigin> {
  const requests: string[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((request, response) => {
    const target = request.url ?? '/';
    requests.push(target);
    const answer = answers.get(target.split('?', 1)[0] ?? '') ?? defaultAnswer;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    freePort,
    answer: (path, answer) => void answers.set(path, answer),
    count: (path) => requests.filter((target) => target === path).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a body and a type. */
export function content(
  type: string,
  body: string | Uint8Array,
  fields: Record<string, string> = {},
): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...fields }).end(body);
  };
}

const defaultAnswer: Answer = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ path: request.url }));
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
