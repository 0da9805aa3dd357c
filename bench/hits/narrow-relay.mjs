// A way to Redis as through a network: every connection passes only so many bytes of replies a second.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** What passes at once. */
const SLICE_BYTES = 16 * 1024;

/** @param {number} targetPort
 *  @param {number} bytesPerSecond of each connection
 *  @returns {Promise<{ port: number, close: () => Promise<void> }>} */
export async function startNarrowRelay(targetPort, bytesPerSecond) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay());
      const end = () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      };
      socket.on('error', end).on('close', end);
    }
    client.pipe(upstream);
    // When one side ends, so does the other.
    pipeline(upstream, narrow(bytesPerSecond), client, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @param {number} bytesPerSecond */
function narrow(bytesPerSecond) {
  let freeAt = 0;
  return async function* (/** @type {AsyncIterable<Buffer>} */ chunks) {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.byteLength; from += SLICE_BYTES) {
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        freeAt = Math.max(freeAt, performance.now()) + (slice.byteLength / bytesPerSecond) * 1000;
        yield slice;
        // Timers are as coarse as a millisecond: less is left for the next.
        if (freeAt - performance.now() >= 1) await pause(freeAt - performance.now());
      }
    }
  };
}
