import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoOrigin } from './demo-origin';
import { startDemoOrigin } from './demo-origin';

interface Answer {
  readonly status: number;
  readonly fields: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Ask {
  readonly method?: string;
  readonly fields?: Record<string, string>;
  readonly body?: string;
}

let demo: DemoOrigin;
beforeAll(async () => {
  demo = await startDemoOrigin({ latencyMs: 0 });
});
afterAll(() => demo.close());

function ask(path: string, { method = 'GET', fields = {}, body = '' }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(demo.url);
    const options = { hostname, port, path, method, headers: fields, agent: false };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, fields: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const value = ({ body }: Answer): unknown => JSON.parse(body.toString('utf8'));

describe('the demo API', () => {
  it('serves a few dozen JSON resources, each with its own id', async () => {
    const paths = [
      ...Array.from({ length: 24 }, (_, index) => `/products/${index + 1}`),
      ...Array.from({ length: 8 }, (_, index) => `/users/${index + 1}`),
      ...Array.from({ length: 12 }, (_, index) => `/orders/${index + 1001}`),
    ];
    const answers = await Promise.all(paths.map((path) => ask(path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    expect(answers.map((answer) => String((value(answer) as { id: number }).id))).toEqual(
      paths.map((path) => path.split('/').at(-1)),
    );
    expect(answers[0]?.fields['content-type']).toBe('application/json; charset=utf-8');
  });

  it.each(['/', '/page', '/products', '/users', '/orders', '/time', '/cart', '/users/3/orders', '/slow'])(
    'answers %s to GET and HEAD with the same fields',
    async (path) => {
      const get = await ask(path);
      const head = await ask(path, { method: 'HEAD' });
      expect(get.status).toBe(200);
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect(get.fields['content-length']).toBe(String(get.body.length));
      expect(head.fields['content-length']).toBe(get.fields['content-length']);
      expect(head.fields['content-type']).toBe(get.fields['content-type']);
    },
  );

  it('links only to what is there', async () => {
    const { body } = await ask('/');
    const links = [...body.toString('utf8').matchAll(/(?:href|src)="([^"]+)"/g)].map(
      ([, link]) => link ?? '',
    );
    expect(links.length).toBeGreaterThan(12);
    const found = await Promise.all(
      links.filter((link) => !/events|status/.test(link)).map(async (link) => (await ask(link)).status),
    );
    expect(new Set(found)).toEqual(new Set([200]));
  });

  it('pages and filters products', async () => {
    expect(value(await ask('/products?page=3'))).toMatchObject({ page: 3, pages: 3, total: 24 });
    const first = value(await ask('/products')) as { products: { id: number }[] };
    expect(first.products.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(value(await ask('/products?category=spices'))).toMatchObject({ pages: 1, total: 4 });
    expect((await ask('/products?page=4')).status).toBe(404);
    expect((await ask('/products?page=x')).status).toBe(404);
  });

  it.each(['/etag', '/products/7', '/image.png', '/image.svg'])(
    'answers 304 to the ETag of %s',
    async (path) => {
      const first = await ask(path);
      const tag = first.fields.etag ?? '';
      expect(tag).toMatch(/^"\w{16}"$/);
      const again = await ask(path, { fields: { 'If-None-Match': `"other", W/${tag}` } });
      expect(again).toMatchObject({ status: 304, fields: { etag: tag } });
      expect(again.body).toHaveLength(0);
      expect((await ask(path, { fields: { 'If-None-Match': '"other"' } })).status).toBe(200);
    },
  );

  it.each([
    ['de-AT, en;q=0.5', 'de'],
    ['nl, fr', 'fr'],
    ['', 'en'],
    ['constructor', 'en'],
  ])('greets by Accept-Language %j', async (accepted, language) => {
    const answer = await ask('/greeting', { fields: { 'Accept-Language': accepted } });
    expect(answer.fields.vary).toBe('Accept-Language');
    expect(value(answer)).toMatchObject({ language });
  });

  it('serves a real PNG', async () => {
    const { body, fields } = await ask('/image.png');
    expect(fields['content-type']).toBe('image/png');
    expect(body.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
    expect(body.subarray(-8, -4).toString('latin1')).toBe('IEND');
  });

  it('keeps a cart', async () => {
    expect(await ask('/cart', { method: 'POST', body: '{"productId":3,"quantity":2}' })).toMatchObject({
      status: 201,
    });
    expect(value(await ask('/cart'))).toEqual({ items: [{ productId: 3, quantity: 2 }], total: 9.2 });
    for (const body of ['', '{', '5', '{"productId":99}', '{"productId":1,"quantity":0}']) {
      expect((await ask('/cart', { method: 'POST', body })).status).toBe(422);
    }
    expect((await ask('/cart', { method: 'DELETE' })).status).toBe(204);
    expect(value(await ask('/cart'))).toEqual({ items: [], total: 0 });
  });

  it('echoes what it is sent', async () => {
    const answer = await ask('/echo?a=b', { method: 'POST', body: 'grüß', fields: { 'X-Test': '1' } });
    expect(value(answer)).toMatchObject({
      method: 'POST',
      target: '/echo?a=b',
      body: 'grüß',
      fields: { 'x-test': '1' },
    });
    const large = await ask('/echo', { method: 'POST', body: 'x'.repeat(65_537) });
    expect(large.status).toBe(413);
  });

  it.each([[200], [204], [301], [404], [429], [500], [503]])('answers /status/%i', async (status) => {
    expect((await ask(`/status/${status}`)).status).toBe(status);
  });

  it('says as JSON that something is not there, or takes other methods', async () => {
    for (const path of [
      '/nowhere',
      '/products/25',
      '/users/0',
      '/orders/1',
      '/users/9/orders',
      '/status/600',
      '//users/1',
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(404);
      expect(value(answer)).toMatchObject({ error: { status: 404 } });
    }
    const answer = await ask('/users', { method: 'PUT' });
    expect(answer).toMatchObject({ status: 405, fields: { allow: 'GET, HEAD, OPTIONS' } });
    expect(await ask('/cart', { method: 'OPTIONS' })).toMatchObject({
      status: 204,
      fields: { allow: 'GET, POST, DELETE, HEAD, OPTIONS' },
    });
  });

  it('sends events until the client leaves', async () => {
    const response = await fetch(`${demo.url}/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.includes('id: 2\n')) break;
    }
    expect(text).toMatch(/^id: 1\nevent: tick\ndata: \{"count":1,/);
    expect((await ask('/events', { method: 'POST' })).status).toBe(405);
  });
});

describe('startDemoOrigin', () => {
  it('takes the latency it is given', async () => {
    const slow = await startDemoOrigin({ latencyMs: 120 });
    const before = performance.now();
    await (await fetch(`${slow.url}/users/1`)).text();
    expect(performance.now() - before).toBeGreaterThan(110);
    await slow.close();
  });

  it('takes another port where its own is taken', async () => {
    const one = await startDemoOrigin({ latencyMs: 0 });
    const two = await startDemoOrigin({ latencyMs: 0 });
    expect(one.url).not.toBe(two.url);
    for (const { url } of [one, two]) expect((await fetch(`${url}/users/1`)).status).toBe(200);
    await Promise.all([one.close(), two.close()]);
  });

  it('closes with requests in flight', async () => {
    const slow = await startDemoOrigin({ latencyMs: 60_000 });
    const answers = Array.from({ length: 30 }, () =>
      fetch(`${slow.url}/users/1`).catch((error: unknown) => error),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await slow.close();
    for (const answer of await Promise.all(answers)) expect(answer).toBeInstanceOf(TypeError);
  });
});
