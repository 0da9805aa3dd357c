import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../../engine/settings/flags';
import { LarderProgram, PROJECT, runLarder, temporaryFolder } from './larder-program';
import { ask, freePort, startOrigin } from './recording-origin';

describe('larder, exit code 0', () => {
  it.each(['--version', '-v'])('prints the version of the package with %s', async (flag) => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await runLarder([flag])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '-h'])('prints every flag on stdout with %s', async (flag) => {
    const { code, stdout, stderr } = await runLarder([flag], { env: { PROXY_PORT: 'wrong' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name } of FLAGS) expect(stdout).toContain(`--${name}`);
    expect(stdout.split('\n').every((line) => line.length <= 110)).toBe(true);
  });
});

describe('larder, exit code 2', () => {
  it.each([
    [['--port', 'http'], {}, '--port: "http" must be a whole number from 0 to 65535'],
    [['--ttl', '-5'], {}, '--ttl: "-5" must be a whole number from 0 to 315360000 (seconds)'],
    [
      ['--origin', 'api.example.com'],
      {},
      '--origin: "api.example.com" is not a URL; give one such as https://api.example.com',
    ],
    [['--policy', 'x'], {}, '--policy: "x" must be override or respect'],
    [['--store', 'x'], {}, '--store: "x" must be memory or redis'],
    [
      ['--max-memory', '5'],
      {},
      '--max-memory: "5" must be a size of at least 1 MiB, such as 64m, 1g, 256MiB or a number of bytes',
    ],
    [['--host', 'a b'], {}, '--host: "a b" must be an IP address or a host name, without scheme and port'],
    [
      ['--config', 'none.json'],
      {},
      '--config: "none.json" cannot be read (there is no such file); give a JSON file such as {"port": 3000}',
    ],
    [['--orign', 'x'], {}, 'unknown flag "--orign"; did you mean --origin?'],
    [['\u001b[31m'], {}, 'unexpected argument "\\u001b[31m"; --help lists the flags'],
    [[], { PROXY_URL: 'x' }, 'PROXY_URL: "x" is not a URL; give one such as https://api.example.com'],
    [[], { PROXY_PORT: '99999' }, 'PROXY_PORT: "99999" must be a whole number from 0 to 65535'],
    [[], { PROXY_EXPIRY: '1h' }, 'PROXY_EXPIRY: "1h" must be a whole number from 0 to 315360000 (seconds)'],
    [[], { REDIS_PORT: 'x' }, 'REDIS_PORT: "x" must be a whole number from 1 to 65535'],
    [
      [],
      { REDIS_HOST: 'a:1' },
      'REDIS_HOST: "a:1" must be an IP address or a host name, without scheme and port',
    ],
    [
      [],
      { REDIS_URL: 'http://:CANARY@a' },
      'REDIS_URL (not shown) must be redis://, rediss:// or unix:, such as redis://:PASSWORD@localhost:6379 or unix:/run/redis.sock; special characters percent-encoded',
    ],
  ])('refuses %j with %j', async (args, env, message) => {
    expect(await runLarder(args, { env })).toEqual({
      code: 2,
      signal: null,
      stdout: '',
      stderr: `larder: ${message}\n`,
    });
  });

  it('names project file, key and value', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'conf'));
    writeFileSync(join(cwd, 'conf', 'dev.json'), '{"port": "3000"}');
    expect(await runLarder(['--config', 'conf/dev.json'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'larder: conf/dev.json: port: "3000" must be a whole number from 0 to 65535\n',
    });
  });
});

describe('larder, exit code 1', () => {
  it('says that the port is taken, and which one is free', async () => {
    const origin = await startOrigin();
    const { code, stdout, stderr } = await runLarder(['--demo', '--port', String(origin.port)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^larder: port ${origin.port} is taken: another program listens on it\\. Stop that program, or take another port: (--port \\d+ \\(free now\\) or )?--port 0 for any free one\n$`,
      ),
    );
  });

  it('says that an address is not one of this machine', async () => {
    const { code, stderr } = await runLarder(['--demo', '--port', '0', '--host', '192.0.2.1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^larder: .*192\.0\.2\.1/);
  });
});

describe('larder --clear-cache', () => {
  it('clears the instance on the port and says how many', async () => {
    const origin = await startOrigin();
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0']);
    const url = await larder.ready();
    for (const path of ['/a', '/b', '/a']) await ask(`${url}${path}`);
    await larder.printed(/HIT/);
    const { port } = new URL(url);
    const done = { code: 0, signal: null, stderr: '' };
    expect(await runLarder(['--clear-cache', '--port', port])).toEqual({
      ...done,
      stdout: 'larder: cleared 2 stored responses\n',
    });
    await larder.printed(/^larder: cleared 2 stored responses$/m);
    expect(await ask(`${url}/a`)).toMatchObject({ fields: { 'x-cache': 'MISS' } });
    await expect
      .poll(async () => JSON.parse((await ask(`${url}/.larder/status`)).body) as unknown)
      .toMatchObject({ entries: 1 });
    const env = { PROXY_PORT: port };
    expect(await runLarder(['--clear-cache', '--json'], { env })).toEqual({
      ...done,
      stdout: '{"type":"cleared","cleared":1}\n',
    });
    expect(await runLarder(['--clear-cache', '--quiet'], { env })).toEqual({ ...done, stdout: '' });
  });

  it('finds the port in the saved settings of the app', async () => {
    const larder = new LarderProgram(['--demo', '--port', '0']);
    const { port } = new URL(await larder.ready());
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ version: 1, port: Number(port) }));
    expect(await runLarder(['--clear-cache'], { env: { LARDER_DATA_DIR: folder } })).toMatchObject({
      code: 0,
      stdout: 'larder: cleared 0 stored responses\n',
    });
  });

  it('fails where none runs', async () => {
    const port = await freePort();
    expect(await runLarder(['--clear-cache', '--port', String(port)])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `larder: no Larder is running on port ${port}: nothing listens there; --port picks another\n`,
    });
  });

  it('fails where something else answers', async () => {
    const { port } = await startOrigin();
    const http = await runLarder(['--clear-cache', '--port', String(port)]);
    expect(http).toMatchObject({ code: 1, stdout: '' });
    expect(http.stderr).toBe(
      `larder: port ${port} answers, but not as Larder does (status 200); --port picks another\n`,
    );
    const other = createServer((socket) => socket.end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const otherPort = typeof address === 'object' ? address?.port : 0;
    const ssh = await runLarder(['--clear-cache', '--port', String(otherPort)]);
    other.close();
    expect(ssh.code).toBe(1);
    expect(ssh.stderr).toMatch(/answers, but not as Larder does/);
  });

  it('refuses port 0', async () => {
    expect(await runLarder(['--clear-cache', '--port', '0'])).toMatchObject({
      code: 1,
      stderr: 'larder: port 0 stands for any free port; say which one with --port\n',
    });
  });
});
