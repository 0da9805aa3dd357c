// Preloaded into the suite's origin, which can be given a port only and would listen on all interfaces.
import { Server } from 'node:net';

const { listen } = Server.prototype;

/** @type {any} */ (Server.prototype).listen = function listenOnLoopback(/** @type {string} */ port) {
  return listen.call(this, { port: Number(port), host: '127.0.0.1' });
};
