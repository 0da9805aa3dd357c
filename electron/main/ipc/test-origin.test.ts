import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { testOrigin } from './test-origin';

const open: net.Server[] = [];

async function listen(server: net.Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

const ask = (origin: string) => testOrigin({ origin, acceptSelfSigned: false });

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('testOrigin', () => {
  it('says what answered, how fast and over which protocol', async () => {
    const origin = await listen(http.createServer((_request, response) => response.writeHead(404).end('no')));
    expect(await ask(` ${origin} `)).toEqual({
      ok: true,
      message: expect.stringMatching(/^Answered 404 in \d+ ms \(HTTP\/1\.1\)$/),
    });
  });

  it('says that nothing listens there', async () => {
    const origin = await listen(net.createServer());
    await new Promise((resolve) => open.pop()?.close(resolve));
    expect(await ask(origin)).toEqual({
      ok: false,
      message: `Refused: nothing listens on ${origin.slice(7)}`,
    });
  });

  it('says that the name cannot be found', async () => {
    expect(await ask('http://nowhere.invalid')).toEqual({
      ok: false,
      message: 'The name nowhere.invalid cannot be found',
    });
  });

  it('says that the answer is not HTTP', async () => {
    const origin = await listen(net.createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n')));
    expect((await ask(origin)).message).toMatch(/is not HTTP \(HPE_/);
  });

  it('says that the other side hung up', async () => {
    const origin = await listen(net.createServer((socket) => socket.destroy()));
    expect((await ask(origin)).message).toMatch(/closed the connection before it answered$/);
  });

  it('says that http is spoken where https was asked', async () => {
    const origin = await listen(http.createServer());
    expect((await ask(origin.replace('http:', 'https:'))).message).toMatch(/does not speak TLS/);
  });

  it('says what is wrong with the URL', async () => {
    expect(await ask('ftp://example.com')).toMatchObject({ ok: false, message: /must start with http/ });
  });
});
