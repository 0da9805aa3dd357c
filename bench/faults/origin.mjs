// The origin behind Larder: answers what `answers.mjs` computes, and counts how often it was asked.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { answerTo } from './answers.mjs';

/** @typedef {{ url: string, asked: () => number, close: () => Promise<void> }} Origin */

/** `intercept`: true where it answers the request itself, or does not.
 *  @typedef {(
 *    request: import('node:http').IncomingMessage,
 *    response: import('node:http').ServerResponse,
 *  ) => boolean} Intercept */

/** @param {{ port?: number, intercept?: Intercept }} [options]
 *  @returns {Promise<Origin>} */
export async function startOrigin({ port = 0, intercept = () => false } = {}) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (intercept(request, response)) return;
    const answer = answerTo(request.url ?? '');
    if (answer === null) return void response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': answer.type,
      'Content-Length': answer.body.byteLength,
      ETag: `"${request.url}"`,
    });
    response.end(answer.body);
  });
  // Larder keeps its connections; the origin does not close one while a request is on its way.
  server.keepAliveTimeout = 120_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
