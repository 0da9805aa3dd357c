/** The way upstream: https with certificates that are not trusted, and proxies from the environment. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type Server as SecureServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { createOriginClient, type OriginClient } from '../origin/origin-client';
import { startEngineUnderTest, type EngineUnderTest } from './engine-under-test';
import { startRecordingOrigin, type RecordingOrigin } from './recording-origin';

let folder: string;
let secure: SecureServer;
let url: string;
let larder: EngineUnderTest | null = null;

async function listen(server: Server | SecureServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larder-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const wanted =
    '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1';
  execFileSync('openssl', ['req', ...wanted.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  secure = createServer(options, (_request, response) => response.end('over tls'));
  url = `https://127.0.0.1:${await listen(secure)}`;
});
afterAll(() => {
  secure.closeAllConnections();
  secure.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await larder?.close();
  larder = null;
});

describe('an origin with a self-signed certificate', () => {
  it('is refused with a sentence that helps', async () => {
    larder = await startEngineUnderTest({ settings: { origin: url } });
    const answer = await larder.get('/a');
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.text)).toEqual({
      error: {
        code: 'origin_tls',
        message: `${url}: its certificate is self-signed; allow that in Settings, or trust its authority in the system`,
      },
    });
  });

  it('is accepted where the setting says so, and answers are stored', async () => {
    const upstream = { ...DEFAULT_SETTINGS.upstream, acceptSelfSigned: true };
    larder = await startEngineUnderTest({ settings: { origin: url, upstream } });
    expect((await larder.get('/a')).text).toBe('over tls');
    await larder.stored(1);
    expect((await larder.get('/a')).headers['x-cache']).toBe('HIT');
  });
});

interface Proxy {
  readonly url: string;
  /** `METHOD target` of each request that came. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** Passes absolute-form requests on, and tunnels CONNECT. */
async function startProxy(): Promise<Proxy> {
  const seen: string[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.end('from the proxy');
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
    socket.on('close', () => target.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function ask(client: OriginClient, origin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    client.send(
      { method: 'GET', origin, path: '/a', fields: ['Host', new URL(origin).host], body: null },
      {
        onInterim: () => {},
        onHead: () => {},
        onData: (chunk) => {
          text += Buffer.from(chunk).toString();
          return true;
        },
        onEnd: () => resolve(text),
        onError: reject,
      },
    );
  });
}

describe('proxies from the environment', () => {
  let proxy: Proxy;
  let origin: RecordingOrigin;

  async function through(env: NodeJS.ProcessEnv, target: string): Promise<string> {
    const client = createOriginClient({ ...DEFAULT_SETTINGS.upstream, acceptSelfSigned: true }, env);
    try {
      return await ask(client, target);
    } finally {
      await client.close();
    }
  }

  beforeAll(async () => {
    proxy = await startProxy();
    origin = await startRecordingOrigin();
  });
  afterEach(() => {
    proxy.seen.length = 0;
    origin.requests.length = 0;
  });
  afterAll(async () => {
    await proxy.close();
    await origin.close();
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('%s leads http', async (name) => {
    await through({ [name]: proxy.url }, origin.url);
    expect(proxy.seen).toHaveLength(1);
  });

  it('HTTPS_PROXY leads https through a tunnel', async () => {
    expect(await through({ HTTPS_PROXY: proxy.url }, url)).toBe('over tls');
    expect(proxy.seen).toEqual([`CONNECT ${new URL(url).host}`]);
  });

  it('HTTP_PROXY alone leaves https alone', async () => {
    expect(await through({ HTTP_PROXY: proxy.url }, url)).toBe('over tls');
    expect(proxy.seen).toEqual([]);
  });

  it.each(['127.0.0.1', '*', 'example.com,127.0.0.1'])('NO_PROXY=%s goes past it', async (noProxy) => {
    expect(await through({ HTTP_PROXY: proxy.url, NO_PROXY: noProxy }, origin.url)).toBe('hello /a');
    expect(proxy.seen).toEqual([]);
  });

  it('none at all goes straight', async () => {
    expect(await through({}, origin.url)).toBe('hello /a');
    expect(proxy.seen).toEqual([]);
  });
});
