import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clearRunning } from './clear-cache';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function instance(answer: RequestListener, address = '127.0.0.1'): Promise<number> {
  server = createServer(answer).listen(0, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('clearRunning', () => {
  it('posts to /cache/clear under a loopback name', async () => {
    let seen: unknown;
    const port = await instance(({ method, url, headers }, response) => {
      seen = { method, url, host: headers.host, length: headers['content-length'] };
      response.end('{"cleared": 12}');
    });
    expect(await clearRunning(port, null)).toEqual({ kind: 'cleared', cleared: 12 });
    expect(seen).toEqual({ method: 'POST', url: '/cache/clear', host: `localhost:${port}`, length: '0' });
  });

  it.each([
    ['::1', null],
    ['::1', '::'],
    ['::1', '::1'],
    ['127.0.0.1', '0.0.0.0'],
    ['127.0.0.1', 'localhost'],
  ])('finds an instance on %s where the host is %s', async (address, host) => {
    const port = await instance((_request, response) => response.end('{"cleared": 0}'), address);
    expect(await clearRunning(port, host)).toEqual({ kind: 'cleared', cleared: 0 });
  });

  it('repeats what Larder says where it refuses', async () => {
    const port = await instance((_request, response) => {
      response.writeHead(403, { 'Cache-Status': 'larder; detail=forbidden' });
      response.end('{"error":{"code":"forbidden","message":"not you"}}');
    });
    expect(await clearRunning(port, null)).toEqual({
      kind: 'failed',
      message: `Larder on port ${port} could not clear its cache: not you`,
    });
  });

  it.each(['', '{}', '{"cleared":-1}', '{"cleared":"1"}', '<html>', 'x'.repeat(100_000)])(
    'knows that an answer is not from Larder',
    async (body) => {
      const port = await instance((_request, response) => response.end(body));
      expect(await clearRunning(port, null)).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining(`port ${port} answers, but not as Larder does`) as string,
      });
    },
  );
});
