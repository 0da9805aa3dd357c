/** Rows L01 to L04 and L06: who on this machine may ask Larder itself, over raw sockets and both ways in. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { askOne } from './raw-client';
import type { WireResponse } from './read-responses';
import { closeQuiet, startWire, WAYS, type Wire } from './wire';

const CLEAR = 'POST /cache/clear';
/** Everything there is to read and to change. */
const ENDPOINTS = [
  CLEAR,
  'GET /.larder/status',
  'GET /.larder/entries',
  'GET /.larder/events',
  'DELETE /.larder/entries?match=*',
] as const;

describe.each(WAYS)('$way', ({ way, fastPath }) => {
  let wire: Wire;

  beforeAll(async () => {
    wire = await startWire(fastPath);
    await wire.warm('/kept');
  });
  afterAll(() => closeQuiet(wire));

  /** @param host stands in the request unless a line gives another
   *  @param lines further field lines */
  const ask = (requestLine: string, lines: readonly string[] = []): Promise<WireResponse> => {
    const host = lines.some((line) => line.startsWith('Host:')) ? [] : [`Host: 127.0.0.1:${wire.port}`];
    const head = [`${requestLine} HTTP/1.1`, ...host, ...lines, 'Connection: close'];
    return askOne(wire.port, `${head.join('\r\n')}\r\n\r\n`, {
      methods: [requestLine.split(' ', 1)[0] ?? ''],
    });
  };

  const bodyOf = ({ body }: WireResponse): unknown => JSON.parse(body);

  /** Refused, told to nobody else, and nothing has changed. */
  const expectRefused = async (answer: WireResponse, statuses: readonly number[]): Promise<void> => {
    expect(statuses).toContain(answer.status);
    expect(answer.fields.filter(([name]) => /^access-control-/i.test(name))).toEqual([]);
    expect(await wire.larder.entries()).toHaveLength(1);
  };

  it.each([
    ['a foreign page', 'Origin: http://evil.test'],
    ['a page without an origin', 'Origin: null'],
    ['another port of localhost', 'Origin: http://localhost:1'],
    ['another port of the same address', 'Origin: http://127.0.0.1:1'],
    ['our host with its name continued', 'Origin: http://127.0.0.1.evil.test'],
    ['https at our address', 'Origin: https://127.0.0.1'],
    ['an extension', 'Origin: chrome-extension://abcdefgh'],
    ['another site, as the browser says', 'Sec-Fetch-Site: cross-site'],
    ['another host of the site, as the browser says', 'Sec-Fetch-Site: same-site'],
  ])(`L01 %s cannot clear, nor anything else, ${way}`, async (_who, line) => {
    for (const endpoint of ENDPOINTS) {
      const answer = await ask(endpoint, [line]);
      await expectRefused(answer, [403]);
      expect(bodyOf(answer)).toMatchObject({ error: { code: 'forbidden' } });
    }
  });

  it(`L01 our own page, twice and beside another, ${way}`, async () => {
    const own = `Origin: http://127.0.0.1:${wire.port}`;
    await expectRefused(await ask(CLEAR, [own, 'Origin: http://evil.test']), [400, 403]);
    await expectRefused(await ask(CLEAR, ['Origin: http://evil.test', own]), [400, 403]);
    expect((await ask('GET /.larder/status', [own])).status).toBe(200);
  });

  it.each([
    'Host: evil.test',
    'Host: evil.test:80',
    'Host: 0.0.0.0',
    'Host: [::]',
    'Host: 169.254.1.1',
    'Host: localhost.evil.test',
    'Host: evil-localhost',
    'Host: 127.0.0.1.evil.test',
    'Host: 127.1',
    'Host: 2130706433',
    'Host: 0x7f.0.0.1',
    'Host: [::ffff:127.0.0.1]',
  ])(`L02 no endpoint under %s, ${way}`, async (line) => {
    for (const endpoint of ENDPOINTS) await expectRefused(await ask(endpoint, [line]), [403, 421]);
  });

  it.each(['', ':1'])(
    `L02 with the port of another program%s, or none, it is still this machine, ${way}`,
    async (port) => {
      for (const host of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', 'shop.localhost'])
        expect((await ask('GET /.larder/status', [`Host: ${host}${port}`])).status).toBe(200);
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'])(
    `L03 %s does not clear, ${way}`,
    async (method) => {
      const answer = await ask(`${method} /cache/clear`, method === 'OPTIONS' ? PREFLIGHT : []);
      await expectRefused(answer, [403, 405]);
      if (answer.status === 405) expect(answer.field('allow')).toBe('POST');
    },
  );

  it(`L03 a form of another page does not clear, ${way}`, async () => {
    const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0'];
    for (const who of ['Origin: http://evil.test', 'Sec-Fetch-Site: cross-site', 'Origin: null'])
      await expectRefused(await ask(CLEAR, [...form, who]), [403]);
  });

  it(`L03 another case, a dot or an encoded letter is no endpoint, ${way}`, async () => {
    for (const target of [
      '/Cache/Clear',
      '/cache/./clear',
      '/cache/clea%72',
      '//cache/clear',
      '/cache/clear/',
    ])
      expect([target, (await ask(`POST ${target}`)).field('x-cache')]).toEqual([target, 'MISS']);
    await expectRefused(await ask('GET /.larder/../cache/clear'), [404]);
  });

  it(`L04 curl, which sends no Origin, is answered and clears, ${way}`, async () => {
    const clear = await ask(CLEAR, ['User-Agent: curl/8.0', 'Accept: */*']);
    expect([clear.status, bodyOf(clear)]).toEqual([200, { cleared: 1 }]);
    expect(await wire.larder.entries()).toEqual([]);
    await wire.warm('/kept');
  });

  it.runIf(process.platform === 'linux')(`L06 only loopback addresses are listened on, ${way}`, () => {
    const addresses = listeningOn(wire.port);
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(['127.0.0.1', '::1']).toContain(address);
  });

  it(`L06 the machine's other addresses are not answered, ${way}`, async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((some) => some ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) expect(await canConnect(wire.port, address)).toBe(false);
    expect(await canConnect(wire.port, '127.0.0.1')).toBe(true);
  });
});

describe('L06 larder that is asked to listen elsewhere', () => {
  it.runIf(process.platform === 'linux').each(WAYS)('does so and warns, $way', async ({ fastPath }) => {
    const wire = await startWire(fastPath, { host: '0.0.0.0' });
    expect(listeningOn(wire.port)).toEqual(['0.0.0.0']);
    await vi.waitFor(() => expect(wire.larder.stderr).toContain('not only on loopback'));
    await wire.close();
  });
});

const PREFLIGHT = ['Origin: http://evil.test', 'Access-Control-Request-Method: POST'];
const LISTENING = '0A';

/** Addresses on which something listens at that port, from what the kernel tells (as `ss -ltn` does). */
function listeningOn(port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${wanted}`) === true && state === LISTENING)
      .map(([, local = '']) => addressOf(local.split(':', 1)[0] ?? '')),
  );
}

/** Of words of four bytes, each little-endian. */
function addressOf(hex: string): string {
  const bytes = hex.match(/.{8}/g)?.flatMap((word) => word.match(/../g)?.reverse() ?? []) ?? [];
  if (bytes.length === 4) return bytes.map((byte) => parseInt(byte, 16)).join('.');
  return bytes.join('') === `${'0'.repeat(31)}1` ? '::1' : bytes.join('').toLowerCase();
}

function canConnect(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
