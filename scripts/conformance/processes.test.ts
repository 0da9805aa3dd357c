import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startOrigin } from './processes.mjs';

/** What the suite's own server does with its settings. */
const SERVER = `
  import http from 'node:http';
  import { writeFileSync } from 'node:fs';
  writeFileSync(process.env.npm_config_pidfile, String(process.pid));
  const server = http.createServer((request, response) => response.end(process.cwd()));
  server.on('listening', () => {
    const { address, port } = server.address();
    console.log('a line before');
    console.log(process.env.npm_config_protocol === 'http' && 'Listening on http://' + address + ':' + port + '/');
  });
  server.listen(process.env.npm_config_port);
`;

const folders: string[] = [];

function suiteWith(server: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'larder-origin-')));
  folders.push(folder);
  mkdirSync(join(folder, 'server'));
  writeFileSync(join(folder, 'server', 'server.mjs'), server);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('startOrigin', () => {
  it('starts it on loopback only, in its own folder, and ends it', async () => {
    const folder = suiteWith(SERVER);
    const origin = await startOrigin(folder);
    expect(origin.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(await (await fetch(origin.url)).text()).toBe(folder);
    expect(origin.ended()).toBeNull();
    await origin.stop();
    expect(origin.ended()).toMatch(/SIGKILL/);
    await expect(fetch(origin.url)).rejects.toThrow();
  });

  it('says why it does not start', async () => {
    const folder = suiteWith("throw new Error('no origin today');");
    await expect(startOrigin(folder)).rejects.toThrow(/did not start: [^]*no origin today/);
  });
});
