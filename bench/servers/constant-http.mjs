// What node:http alone costs: every request is answered with the same prepared body.
// Arguments: the port for 1 KiB and the port for 100 KiB.
import { createServer } from 'node:http';
import { bodyOf, targetOf } from './bodies.mjs';

for (const [index, bytes] of [1024, 102_400].entries()) {
  const body = bodyOf(targetOf(bytes, 'hit'));
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': bytes,
      ETag: '"1"',
    });
    response.end(body);
  });
  server.listen(Number(process.argv[2 + index]), '127.0.0.1', 4096);
}
