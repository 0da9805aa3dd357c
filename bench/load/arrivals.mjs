// Requests that arrive at a steady, slow pace, a connection each, as from many short-lived clients. All contenders are
// asked in the same minute, each at its own moment, so that the machine is the same for all.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const PER_SECOND = 10;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Milliseconds from the connection asked for to the last byte of the answer, one of each request.
 *  @param {readonly { port: number, target: string, bytes: number }[]} servers
 *  @param {number} seconds
 *  @returns {Promise<number[][]>} in the order of the servers */
export async function arrivals(servers, seconds) {
  const started = performance.now();
  return Promise.all(
    servers.map(async (server, place) => {
      /** @type {Promise<number>[]} */
      const times = [];
      for (let number = 0; number < seconds * PER_SECOND; number += 1) {
        const due = started + ((number + place / servers.length) * 1000) / PER_SECOND;
        await pause(Math.max(0, due - performance.now()));
        times.push(askAnew(server));
      }
      return Promise.all(times);
    }),
  );
}

/** @param {{ port: number, target: string, bytes: number }} server
 *  @returns {Promise<number>} */
function askAnew({ port, target, bytes }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    /** @type {Buffer} */
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    socket.on('data', (/** @type {Buffer} */ chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const head = received.indexOf(HEAD_END);
      if (head < 0 || received.length < head + HEAD_END.length + bytes) return;
      const ms = performance.now() - started;
      socket.destroy();
      const status = received.toString('latin1', 9, 12);
      if (status === '200') resolve(ms);
      else reject(new Error(`${target} was answered with ${status}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${target}: the connection was closed before the answer`)));
  });
}
