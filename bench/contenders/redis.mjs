// A redis-server for a contender: on a port and in a folder of its own, without persistence.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { missingProgram } from './contender.mjs';
import { freePort, launch, temporaryFolder } from './process.mjs';

const READY_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** Why there is none; null where there is. */
export function redisMissing() {
  return missingProgram('redis-server', ['--version'], 'apt-get install redis-server');
}

/** @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
export async function startRedis() {
  const folder = temporaryFolder();
  const port = await freePort();
  const address = ['--port', String(port), '--bind', '127.0.0.1'];
  const nothingKept = ['--save', '', '--appendonly', 'no', '--dir', folder.path];
  const server = launch('redis-server', [...address, ...nothingKept]);
  const stop = async () => {
    await server.stop();
    folder.remove();
  };
  const giveUp = performance.now() + READY_MS;
  while (!(await answersPing(port))) {
    if (server.ended() || performance.now() > giveUp) {
      await stop();
      throw new Error(`redis-server does not answer: ${server.said().trim()}`);
    }
    await pause(LOOK_EVERY_MS);
  }
  return { port, stop };
}

/** @param {number} port */
async function answersPing(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data');
    return String(answer).startsWith('+PONG');
  } catch {
    // Nothing listens there yet.
    return false;
  } finally {
    socket.destroy();
  }
}
