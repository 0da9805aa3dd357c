import { connect } from 'node:net';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LarderProgram, temporaryFolder } from './larder-program';
import { ask, freePort, startOrigin } from './recording-origin';

const TIME = String.raw`\d\d:\d\d:\d\d\.\d{3}`;

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function parsedLines(text: string): Record<string, unknown>[] {
  return lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('larder --origin', () => {
  it('prints the ready line, forwards a miss, answers a hit, and prints a line for each', async () => {
    const origin = await startOrigin();
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const url = await larder.ready();
    expect(lines(larder.stdout)[0]).toBe(
      `larder: listening on ${url} -> ${origin.url} (store memory, ttl 300 s)`,
    );
    expect(await ask(`${url}/a?b=c`)).toMatchObject({
      status: 200,
      body: 'hello',
      fields: { 'x-cache': 'MISS' },
    });
    await larder.printed(/MISS/);
    expect(await ask(`${url}/a?b=c`)).toMatchObject({
      status: 200,
      body: 'hello',
      fields: { 'x-cache': 'HIT' },
    });
    await larder.printed(/HIT/);
    expect(origin.requests).toEqual(['GET /a?b=c']);
    const { code, stdout, stderr } = await larder.stop();
    expect(code).toBe(0);
    const [, miss, hit] = lines(stdout);
    const exchange = String.raw`200  GET     /a\?b=c +5 B +[\d.]+ ms  `;
    expect(miss).toMatch(new RegExp(`^${TIME}  MISS   ${exchange}no stored response$`));
    expect(hit).toMatch(new RegExp(`^${TIME}  HIT    ${exchange}fresh for (5 min|4 min 59 s)$`));
    expect(stderr).toBe('larder: stopping; requests in flight are finished first\n');
  });

  it('prints one JSON object a line with --json', async () => {
    const origin = await startOrigin();
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0', '--json', '--ttl', '60']);
    const [, url = ''] = await larder.printed(/"url":"([^"]+)"/);
    await ask(`${url}/a`);
    await larder.printed(/"outcome":"MISS".*\n/);
    await ask(`${url}/a`);
    await larder.printed(/"outcome":"HIT".*\n/);
    const { stdout, code } = await larder.stop('SIGINT');
    expect(code).toBe(0);
    expect(parsedLines(stdout)).toEqual([
      { type: 'listening', url, origin: origin.url, store: 'memory', ttl: 60 },
      expect.objectContaining({
        type: 'exchange',
        outcome: 'MISS',
        status: 200,
        method: 'GET',
        target: '/a',
        stored: true,
      }),
      expect.objectContaining({ type: 'exchange', outcome: 'HIT', reason: 'fresh', bodyBytes: 5 }),
    ]);
  });

  it('prints only errors with --quiet', async () => {
    const origin = await startOrigin((request, response) => {
      if (request.url === '/broken') request.socket.destroy();
      else response.end('fine');
    });
    const url = `http://127.0.0.1:${await freePort()}`;
    const larder = new LarderProgram(['--origin', origin.url, '--port', new URL(url).port, '--quiet']);
    await expect
      .poll(
        () =>
          larder.hasEnded() ||
          ask(`${url}/fine`).then(
            ({ status }) => status,
            () => null,
          ),
      )
      .toBe(200);
    expect(await ask(`${url}/broken`)).toMatchObject({ status: 502 });
    await larder.printed(/ERROR/, 'stderr');
    const { stdout, stderr } = await larder.stop();
    expect(stdout).toBe('');
    expect(lines(stderr)).toEqual([
      expect.stringMatching(new RegExp(`^${TIME}  ERROR  502  GET     /broken `)),
    ]);
  });

  it('never lets control characters of a request reach the terminal', async () => {
    const origin = await startOrigin((_request, response) => response.end('x'));
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const url = new URL(await larder.ready());
    const heads = [
      ...['/\u001b[31mred', '/\u009b31m', '/a\rb', '/%0d%0aHIT', '/\u007f', '/\u0085'].map(
        (target) => `GET ${target} HTTP/1.1\r\nConnection: close`,
      ),
      'GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: a\u009b31m\u0085',
    ];
    for (const head of heads) {
      await rawRequest(Number(url.port), Buffer.from(`${head}\r\nHost: localhost\r\n\r\n`, 'latin1'));
    }
    await ask(`${url.href}last`);
    await larder.printed(/\/last/);
    const { stdout, stderr } = await larder.stop();
    // oxlint-disable-next-line no-control-regex
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout).toContain('/%0d%0aHIT');
  });

  it('goes on without a log when the reader of stdout leaves', async () => {
    const origin = await startOrigin();
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const url = await larder.ready();
    larder.child.stdout.destroy();
    for (let round = 0; round < 5; round += 1) await ask(`${url}/${round}`);
    expect(await ask(`${url}/0`)).toMatchObject({ fields: { 'x-cache': 'HIT' } });
    larder.child.kill('SIGTERM');
    expect(await larder.finished).toMatchObject({ code: 0 });
  });
});

describe('larder, settings from elsewhere', () => {
  it('takes the environment', async () => {
    const origin = await startOrigin();
    const env = { PROXY_URL: `${origin.url}/v2`, PROXY_PORT: '0', PROXY_EXPIRY: '7' };
    const larder = new LarderProgram([], { env });
    const url = await larder.ready();
    expect(larder.stdout).toContain(`-> ${origin.url}/v2 (store memory, ttl 7 s)`);
    await ask(`${url}/a`);
    expect(origin.requests).toEqual(['GET /v2/a']);
  });

  it('takes larder.json of the working directory, and flags over it', async () => {
    const origin = await startOrigin();
    const cwd = temporaryFolder();
    const project = { origin: origin.url, port: 0, policy: 'respect', ttl: 5 };
    writeFileSync(join(cwd, 'larder.json'), JSON.stringify(project));
    const larder = new LarderProgram(['--ttl', '6'], { cwd });
    await larder.ready();
    expect(larder.stdout).toContain(`-> ${origin.url} (store memory, ttl 6 s)`);
  });

  it("leaves freshness to the origin with --policy respect and no TTL, and takes the app's saved settings", async () => {
    const origin = await startOrigin();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ version: 1, origin: origin.url, port: 0 }));
    const larder = new LarderProgram(['--policy', 'respect'], { env: { LARDER_DATA_DIR: folder } });
    const url = await larder.ready();
    expect(larder.stdout).toContain(`-> ${origin.url} (store memory, ttl from origin)`);
    await ask(url);
    expect(await ask(url)).toMatchObject({ fields: { 'x-cache': 'MISS' } });
  });

  it('sets a broken settings file aside, says so, and starts', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'settings.json'), '{"version":1,"port":"CANARY"}');
    const larder = new LarderProgram(['--demo', '--port', '0'], { env: { LARDER_DATA_DIR: folder } });
    await larder.ready();
    expect(larder.stderr).toMatch(/^larder: warning: The settings file .* cannot be used: port: must be/);
    expect(larder.stderr).not.toContain('CANARY');
    const [aside = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, aside), 'utf8')).toContain('CANARY');
  });

  it('serves the demo API where no origin is configured, and says so', async () => {
    const larder = new LarderProgram(['--port', '0']);
    const url = await larder.ready();
    await larder.printed(/\/products\n/, 'stderr');
    expect(larder.stderr).toBe(
      `larder: no origin is configured (--origin URL), so the built-in demo API answers; try: curl -i ${url}/products\n`,
    );
    expect(await ask(`${url}/products/1`)).toMatchObject({ status: 200, fields: { 'x-cache': 'MISS' } });
    expect(await ask(`${url}/products/1`)).toMatchObject({ status: 200, fields: { 'x-cache': 'HIT' } });
    const demo = new LarderProgram(['--port', '0', '--demo'], {
      env: { PROXY_URL: 'http://unused.invalid' },
    });
    await demo.ready();
    await demo.printed(/^larder: the built-in demo API answers/m, 'stderr');
  });

  it('warns when it listens for other machines', async () => {
    const larder = new LarderProgram(['--demo', '--port', '0', '--host', '0.0.0.0']);
    await larder.ready();
    await larder.printed(/^larder: warning: listening on 0\.0\.0\.0, not only on loopback: /m, 'stderr');
  });
});

describe('larder, the end', () => {
  it('finishes a request in flight on SIGTERM, then exits 0', async () => {
    const waiting: ServerResponse[] = [];
    const origin = await startOrigin((_request, response) => {
      response.write('first ');
      waiting.push(response);
    });
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const answer = ask(`${await larder.ready()}/a`);
    await expect.poll(() => waiting.length).toBe(1);
    larder.child.kill('SIGTERM');
    await larder.printed(/stopping/, 'stderr');
    waiting[0]?.end('last');
    expect(await answer).toMatchObject({ status: 200, body: 'first last' });
    expect(await larder.finished).toMatchObject({ code: 0, signal: null });
    expect(larder.stdout).toContain('MISS');
  });

  it('ends at once on a second signal', async () => {
    const origin = await startOrigin((_request, response) => response.write('never ends'));
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const answer = ask(`${await larder.ready()}/a`).catch((error: unknown) => error);
    await expect.poll(() => origin.requests.length).toBe(1);
    larder.child.kill('SIGTERM');
    await larder.printed(/stopping/, 'stderr');
    expect(await larder.stop('SIGTERM')).toMatchObject({ code: 143 });
    expect(await answer).toBeInstanceOf(Error);
  });
});

/** Sends bytes as they are and waits for the connection to end. */
function rawRequest(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.resume();
  });
}
