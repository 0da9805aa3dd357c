import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LarderProgram, temporaryFolder } from './larder-program';
import { ask, startOrigin } from './recording-origin';

/** The command line in a data folder, and what it answers. */
async function started(dataDir: string, flags: readonly string[]) {
  const larder = new LarderProgram([...flags, '--port', '0'], { env: { LARDER_DATA_DIR: dataDir } });
  const url = await larder.ready();
  const xCache = async () => (await ask(`${url}/kept`)).fields['x-cache'];
  return { larder, url, xCache };
}

describe('larder --persist', () => {
  it('answers after a restart from what it stored before', async () => {
    const origin = await startOrigin();
    const dataDir = temporaryFolder();
    const flags = ['--origin', origin.url, '--persist'];
    const first = await started(dataDir, flags);
    expect(await first.xCache()).toBe('MISS');
    expect(await first.larder.stop()).toMatchObject({ code: 0 });
    const second = await started(dataDir, flags);
    expect(await second.xCache()).toBe('HIT');
    expect(origin.requests).toEqual(['GET /kept']);
  });

  it('is needed for that, whatever the app has saved', async () => {
    const origin = await startOrigin();
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'settings.json'), '{"version":1,"persist":true}');
    const first = await started(dataDir, ['--origin', origin.url]);
    expect(await first.xCache()).toBe('MISS');
    await first.larder.stop();
    expect(readdirSync(dataDir)).toEqual(['settings.json']);
    expect(await (await started(dataDir, ['--origin', origin.url])).xCache()).toBe('MISS');
  });

  it('uses settings and cache of the profile that is active in the app', async () => {
    const origin = await startOrigin();
    const dataDir = temporaryFolder();
    const profiles = ['first', 'staging'].map((id) => {
      return { id, name: id, settings: { origin: `${origin.url}/${id}`, ttlSeconds: 77 } };
    });
    const file = { version: 2, active: 'staging', profiles };
    writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(file));
    const first = await started(dataDir, ['--persist']);
    expect(await first.xCache()).toBe('MISS');
    await first.larder.stop();
    expect(origin.requests).toEqual(['GET /staging/kept']);
    expect(readdirSync(dataDir).sort()).toEqual(['responses-staging', 'settings.json']);
    expect(await (await started(dataDir, ['--persist'])).xCache()).toBe('HIT');
  });

  it('says that another Larder has the folder, and serves on without it', async () => {
    const origin = await startOrigin();
    const dataDir = temporaryFolder();
    const flags = ['--origin', origin.url, '--persist'];
    const first = await started(dataDir, flags);
    expect(await first.xCache()).toBe('MISS');
    const second = await started(dataDir, flags);
    await second.larder.printed(/^larder: warning: Another Larder .*memory only/m, 'stderr');
    expect(await second.xCache()).toBe('MISS');
    expect(await second.xCache()).toBe('HIT');
    expect(second.larder.stderr.match(/Another Larder/g)).toHaveLength(1);
    expect(first.larder.stderr).not.toContain('Another Larder');
    expect(await first.xCache()).toBe('HIT');
  });
});
