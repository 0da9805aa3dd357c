// The origin behind every contender, a process of its own: fast, so that a miss shows what the contender costs, and it
// counts what it was asked. Says where it listens, and on the message `asked` how often it was asked.
import { createServer } from 'node:net';
import { bodyOf } from './bodies.mjs';

const HEAD_END = '\r\n\r\n';
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n';

let asked = 0;
let date = new Date().toUTCString();
setInterval(() => (date = new Date().toUTCString()), 1000).unref();

/** Answers every complete head in `text`.
 *  @param {string} text requests without bodies, one after the other
 *  @param {import('node:net').Socket} socket
 *  @returns {string} what is not complete yet */
function answerAll(text, socket) {
  let from = 0;
  for (;;) {
    const end = text.indexOf(HEAD_END, from);
    if (end < 0) return text.slice(from);
    const head = text.slice(from, end);
    from = end + HEAD_END.length;
    answer(head, socket);
  }
}

/** @param {string} head
 *  @param {import('node:net').Socket} socket */
function answer(head, socket) {
  asked += 1;
  const [, target = '', version = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
  const body = bodyOf(target);
  socket.cork();
  if (body === null) socket.write(NOT_FOUND);
  else {
    socket.write(
      `HTTP/1.1 200 OK\r\nDate: ${date}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n` +
        `ETag: "${target.slice(1)}"\r\nCache-Control: max-age=86400\r\n\r\n`,
      'latin1',
    );
    socket.write(body);
  }
  if (version === 'HTTP/1.0' || /\r\nconnection: *close/i.test(head)) socket.end();
  socket.uncork();
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => (rest = answerAll(rest + String(text), socket)));
  // A contender that ends while something is on its way.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 4096, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
process.on('message', () => process.send?.({ asked }));
process.on('disconnect', () => process.exit(0));
