import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ComposedRequest } from '../../../shared/composed-request';
import { startEngineUnderTest, type EngineUnderTest } from '../../engine/test/engine-under-test';
import { asciiTarget, sendExchange } from './send-exchange';

const GET: ComposedRequest = { method: 'GET', target: '/', fields: [], body: '' };
const nobody = { expectExchange: () => () => {} };
const open: http.Server[] = [];
let proxy: EngineUnderTest | null = null;

async function listen(server: http.Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  await proxy?.close();
  proxy = null;
  for (const server of open) server.closeAllConnections();
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('asciiTarget', () => {
  it.each([
    ['/v1/things?a=b&c=%20', '/v1/things?a=b&c=%20'],
    ['/müsli and more', '/m%C3%BCsli%20and%20more'],
    ['/a\r\nHost: evil', '/a%0D%0AHost:%20evil'],
    ['/🫙', '/%F0%9F%AB%99'],
    ['/\uD800', '/%EF%BF%BD'],
  ])('makes %j fit for a request line', (typed, sent) => {
    expect(asciiTarget(typed)).toBe(sent);
  });
});

describe('sendExchange', () => {
  it('sends method, path, fields in their order and case, and the body', async () => {
    const seen: unknown[] = [];
    const url = await listen(
      http.createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', () => {
          seen.push([request.method, request.url, request.rawHeaders, body]);
          response.writeHead(201).end('made');
        });
      }),
    );
    const request: ComposedRequest = {
      method: 'POST',
      target: '/a b',
      fields: [
        ['X-One', '1'],
        ['x-one', ' 2 '],
      ],
      body: '{"ü":1}',
    };
    expect(await sendExchange(url, request, { engine: nobody })).toEqual({ status: 201, exchangeId: null });
    expect(seen).toEqual([
      [
        'POST',
        '/a%20b',
        [
          'Host',
          new URL(url).host,
          'Accept',
          '*/*',
          'X-One',
          '1',
          'x-one',
          '2',
          'Content-Length',
          '8',
          'Connection',
          'close',
        ],
        '{"ü":1}',
      ],
    ]);
  });

  it('knows which exchange it became, among others at the same time', async () => {
    proxy = await startEngineUnderTest();
    const url = `http://127.0.0.1:${proxy.port}`;
    const { engine, exchanges } = proxy;
    const sent = await Promise.all([
      proxy.get('/noise'),
      sendExchange(url, { ...GET, target: '/one' }, { engine }),
      proxy.get('/more'),
      sendExchange(url, { ...GET, target: '/two' }, { engine }),
    ]);
    const idOf = (path: string) => exchanges.find(({ target }) => target === path)?.id;
    expect(sent[1]).toEqual({ status: 200, exchangeId: idOf('/one') });
    expect(sent[3]).toEqual({ status: 200, exchangeId: idOf('/two') });
    expect(idOf('/one')).not.toBe(idOf('/two'));
  });

  it('names no exchange where one of Larder’s own endpoints answers', async () => {
    proxy = await startEngineUnderTest();
    const { engine, port } = proxy;
    const status = { ...GET, target: '/.larder/status' };
    expect(await sendExchange(`http://127.0.0.1:${port}`, status, { engine })).toEqual({
      status: 200,
      exchangeId: null,
    });
  });

  it('is given up at once when its signal says so', async () => {
    const controller = new AbortController();
    const url = await listen(http.createServer(() => controller.abort()));
    const sent = sendExchange(url, GET, { engine: nobody, signal: controller.signal });
    await expect(sent).rejects.toMatchObject({ code: 'request_timeout' });
  });

  it('refuses a field that the connection makes by itself, before anything is sent', async () => {
    const request = { ...GET, fields: [['Transfer-Encoding', 'chunked']] as const };
    const sent = sendExchange('http://127.0.0.1:1', request, { engine: nobody });
    await expect(sent).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('says that the proxy does not answer', async () => {
    const url = await listen(http.createServer());
    await new Promise((resolve) => open.pop()?.close(resolve));
    await expect(sendExchange(url, GET, { engine: nobody })).rejects.toMatchObject({ code: 'not_running' });
  });
});
