// The ceiling of what JavaScript can send: a bare socket that answers whatever arrives, unread, with bytes made before.
// Arguments: the port for 1 KiB and the port for 100 KiB.
import { createServer } from 'node:net';
import { bodyOf, targetOf } from './bodies.mjs';

for (const [index, bytes] of [1024, 102_400].entries()) {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\nETag: "1"\r\n\r\n`;
  const answer = Buffer.concat([Buffer.from(head), bodyOf(targetOf(bytes, 'hit')) ?? Buffer.alloc(0)]);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(answer));
    socket.on('error', () => socket.destroy());
  });
  server.listen(Number(process.argv[2 + index]), '127.0.0.1', 4096);
}
