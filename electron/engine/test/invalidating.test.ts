/** Policy `respect`: what requests that change something do to what is stored (RFC 9111 §4.4). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendRaw } from './client';
import { onEachStore, type LarderOnStore } from './each-store';
import type { ReplyFields } from './scripted-origin';

const FRESH = { 'Cache-Control': 'max-age=600' };

onEachStore({ policy: 'respect' }, (current) => {
  let larder: LarderOnStore;
  beforeEach(() => {
    larder = current();
  });

  /** Stored under each of the targets. */
  async function stored(...targets: string[]): Promise<void> {
    larder.says({ fields: FRESH });
    for (const target of targets) await larder.ask(target);
  }

  /** Those of the targets that are still stored. */
  async function left(...targets: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const target of targets) {
      const { status } = await larder.ask(target, { 'Cache-Control': 'only-if-cached' });
      if (status === 200) found.push(target);
    }
    return found;
  }

  describe('the target goes', () => {
    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'M-SEARCH', 'PURGE', 'MKCOL', 'LINK', 'MOVE'])(
      'with %s, which is not known to be safe',
      async (method) => {
        await stored('/a', '/b');
        await larder.ask('/a', {}, method);
        expect(await left('/a', '/b')).toEqual(['/b']);
        expect((await larder.ask('/a')).exchange).toMatchObject({
          reason: 'invalidated',
          facts: { invalidatedBy: `${method} /a`, decidedBy: 'RFC 9111 §4.4' },
        });
      },
    );

    it('with a method that nobody has heard of', async () => {
      await stored('/a');
      const answer = await sendRaw(
        larder.port,
        'REBIND /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(await left('/a')).toEqual([]);
    });

    it.each(['OPTIONS', 'HEAD', 'GET', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'])(
      'not with %s, which is safe',
      async (method) => {
        await stored('/a');
        await larder.ask('/a', {}, method);
        expect(await left('/a')).toEqual(['/a']);
      },
    );

    it.each([200, 201, 202, 204, 205, 299, 301, 302, 303, 307, 399])('with status %d', async (status) => {
      await stored('/a');
      larder.says({ status });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a')).toEqual([]);
    });

    it.each([400, 401, 403, 404, 409, 412, 500, 502, 503])('not with status %d', async (status) => {
      await stored('/a');
      larder.says({ status });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a')).toEqual(['/a']);
    });

    it('not where the origin breaks off', async () => {
      await stored('/a');
      larder.says('drop');
      expect((await larder.ask('/a', {}, 'POST')).status).toBe(502);
      expect(await left('/a')).toEqual(['/a']);
    });

    it('with all its variants', async () => {
      larder.says({ fields: { ...FRESH, Vary: 'X-Kind' } });
      for (const kind of ['a', 'b']) await larder.ask('/a', { 'X-Kind': kind });
      await larder.ask('/a', {}, 'DELETE');
      await larder.holds(0);
    });

    it('before the answer has reached the client', async () => {
      for (let time = 0; time < 20; time += 1) {
        await stored('/a');
        await larder.get('/a', { method: 'POST' });
        expect((await larder.get('/a')).headers['x-cache']).toBe('MISS');
      }
    });
  });

  describe.each(['Location', 'Content-Location'])('%s', (name) => {
    it.each<[string, string, string]>([
      ['absolute path', '/b', '/b'],
      ['relative to the target', 'b', '/folder/b'],
      ['with dots', '../b', '/b'],
      ['query alone', '?page=2', '/folder/a?page=2'],
      ['with a fragment', '/b#part', '/b'],
    ])('as a reference goes too: %s', async (_name, reference, target) => {
      await stored('/folder/a', target, '/c');
      larder.says({ status: 201, fields: { [name]: reference } });
      await larder.ask('/folder/a', {}, 'POST');
      expect(await left('/folder/a', target, '/c')).toEqual(['/c']);
    });

    it('as a whole URL at the same origin goes too', async () => {
      await stored('/a', '/b');
      larder.says({ status: 201, fields: { [name]: `${larder.origin.url.toUpperCase()}/b` } });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a', '/b')).toEqual([]);
    });

    it('as a network-path reference to the same origin goes too', async () => {
      await stored('/a', '/b');
      larder.says({ status: 201, fields: { [name]: `//127.0.0.1:${larder.origin.port}/b` } });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a', '/b')).toEqual([]);
    });

    it.each(['http://[', 'http://', '::', '//'])('that is no URL does no harm: %s', async (reference) => {
      await stored('/a', '/b');
      larder.says({ fields: { [name]: reference } });
      expect((await larder.ask('/a', {}, 'POST')).status).toBe(200);
      expect(await left('/a', '/b')).toEqual(['/b']);
    });

    it.each<[string, (port: number) => string]>([
      ['host', (port) => `http://localhost:${port}/b`],
      ['port', (port) => `http://127.0.0.1:${port === 65_535 ? port - 1 : port + 1}/b`],
      ['scheme', (port) => `https://127.0.0.1:${port}/b`],
    ])('at an origin of another %s leaves what is stored', async (_name, url) => {
      await stored('/a', '/b');
      larder.says({ fields: { [name]: url(larder.origin.port) } });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a', '/b')).toEqual(['/b']);
    });

    it('at another origin leaves what is stored of that', async () => {
      const { url, port } = larder.origin;
      const other = `http://localhost:${port}`;
      await larder.apply({ origin: other });
      await stored('/b');
      await larder.apply({ origin: url });
      larder.says({ status: 201, fields: { [name]: `${other}/b` } });
      await larder.ask('/a', {}, 'POST');
      await larder.apply({ origin: other });
      expect(await left('/b')).toEqual(['/b']);
    });

    it('of an error leaves what is stored', async () => {
      await stored('/a', '/b');
      larder.says({ status: 409, fields: { [name]: '/b' } });
      await larder.ask('/a', {}, 'POST');
      expect(await left('/a', '/b')).toEqual(['/a', '/b']);
    });

    it('of a GET leaves what is stored', async () => {
      await stored('/b');
      larder.says({ status: 302, fields: { [name]: '/b' } });
      await larder.ask('/a');
      expect(await left('/b')).toEqual(['/b']);
    });
  });

  it('Location and Content-Location go both', async () => {
    await stored('/a', '/b', '/c', '/d');
    const fields: ReplyFields = { Location: '/b', 'Content-Location': '/c' };
    larder.says({ status: 201, fields });
    await larder.ask('/a', {}, 'POST');
    expect(await left('/a', '/b', '/c', '/d')).toEqual(['/d']);
  });

  it('what is stored of another origin under the same path stays', async () => {
    const other = createServer((_request, response) => response.writeHead(200, FRESH).end('other'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { url } = larder.origin;
    await larder.apply({ origin: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
    await larder.ask('/a');
    await larder.apply({ origin: url });
    await stored('/a');
    await larder.ask('/a', {}, 'POST');
    expect((await larder.entries()).map((entry) => new URL(entry.url).port)).toEqual([
      String((other.address() as AddressInfo).port),
    ]);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });
});
