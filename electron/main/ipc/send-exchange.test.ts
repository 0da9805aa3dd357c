import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { asciiTarget, sendExchange } from './send-exchange';

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
  it('answers the status of a GET as any client would send it', async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.accept}`);
      response.writeHead(404).end('no');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await sendExchange(url, '/a b')).toEqual({ status: 404 });
    expect(seen).toEqual(['GET /a%20b */*']);
    await new Promise((resolve) => server.close(resolve));
    await expect(sendExchange(url, '/')).rejects.toMatchObject({ code: 'not_running' });
  });
});
