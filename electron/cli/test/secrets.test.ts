import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LarderProgram, temporaryFolder } from './larder-program';
import { ask, freePort, startOrigin } from './recording-origin';

const CANARY = 'CANARY5up3rS3cret';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** A child's command line, as other users of the machine can read it. */
function commandLine(pid: number): string {
  return process.platform === 'linux' ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
}

describe('larder, L09: a canary in each secret', () => {
  it.each([
    ['text', []],
    ['JSON', ['--json']],
  ])('prints it nowhere as %s, and writes it to no file', async (_form, flags) => {
    const origin = await startOrigin((request, response) => {
      if (request.url?.startsWith('/broken') === true) request.socket.destroy();
      else response.end('x');
    });
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'settings.json'), '{"version":1}');
    const redis = `127.0.0.1:${await freePort()}`;
    const env = {
      LARDER_DATA_DIR: dataDir,
      REDIS_URL: `redis://:${CANARY}@${redis}`,
      REDIS_PASSWORD: CANARY,
    };
    const larder = new LarderProgram(['--origin', origin.url, '--port', '0', ...flags], { env });
    const [url = ''] = await larder.printed(/http:\/\/127[^\s"]+/);
    const fields = { Authorization: `Bearer ${CANARY}`, Cookie: `session=${CANARY}`, 'X-Api-Key': CANARY };
    await ask(`${url}/me?token=${CANARY}&page=2`, fields);
    await ask(`${url}/me?page=2&api_key=${CANARY}`, fields);
    await ask(`${url}/broken?access_token=${CANARY}`, fields);
    await larder.printed(/refused the connection/, flags.length === 0 ? 'stderr' : 'stdout');
    await ask(`${url}/last`);
    await larder.printed(/\/last/);
    expect(commandLine(larder.child.pid ?? 0)).not.toContain(CANARY);
    const { stdout, stderr, code } = await larder.stop();
    expect(code).toBe(0);
    expect(stdout).toContain('/me?token=***&page=2');
    expect(`${stdout}${stderr}`).not.toContain(CANARY);
    expect(origin.requests).toContain(`GET /me?token=${CANARY}&page=2`);
    for (const path of filesBelow(dataDir)) expect(readFileSync(path, 'utf8')).not.toContain(CANARY);
  });
});
