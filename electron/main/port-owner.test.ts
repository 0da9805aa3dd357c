import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listeningInodes, ownerFromLsof, pidFromNetstat, portOwner, programName } from './port-owner';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const LISTENS = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

describe('portOwner', () => {
  it.runIf(process.platform === 'linux')('names the process that listens', async () => {
    const child = spawn(process.execPath, ['-e', LISTENS], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    expect(await portOwner(Number(String(printed)))).toEqual({ name: 'node', pid: child.pid });
  });

  it('names nobody where nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    expect(await portOwner(port)).toBeNull();
  });
});

describe('listeningInodes', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 40123 1 0',
    '   1: 0100007F:0BB8 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 40124 1 0',
    '   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 40125 1 0',
  ].join('\n');

  it('takes listeners of that port, not its connections', () => {
    expect([...listeningInodes(table, 3000)]).toEqual(['40123']);
  });
});

describe('programName', () => {
  it.each([
    [['/usr/bin/node', '--inspect', '/home/ada/shop/server.js', '--token', 'secret'], 'node server.js'],
    [['python3', 'manage.py', 'runserver'], 'python3 manage.py'],
    [['/usr/sbin/nginx', '-g', 'daemon off;'], 'nginx'],
    [['nginx: master process /usr/sbin/nginx'], 'nginx'],
    [['node', '-e', 'require("net").createServer()'], 'node'],
    [[], 'another program'],
  ])('%j is %s', (argv, name) => expect(programName(argv)).toBe(name));
});

describe('what other systems print', () => {
  it('lsof', () => {
    expect(ownerFromLsof('p812\ncnode\nf23\n')).toEqual({ name: 'node', pid: 812 });
    expect(ownerFromLsof('')).toBeNull();
  });

  it('netstat, in any language', () => {
    const text = [
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    127.0.0.1:3000         127.0.0.1:50112        HERGESTELLT      90',
      '  TCP    0.0.0.0:30001          0.0.0.0:0              ABHÖREN          91',
      '  TCP    127.0.0.1:3000         0.0.0.0:0              ABHÖREN          92',
    ].join('\r\n');
    expect(pidFromNetstat(text, 3000)).toBe(92);
    expect(pidFromNetstat(text, 4000)).toBeNull();
  });
});
