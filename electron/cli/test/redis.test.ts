import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisServer } from '../../engine/store/redis/test/redis-server';
import { redisServerMissing, startRedisServer } from '../../engine/store/redis/test/redis-server';
import { LarderProgram, runLarder, temporaryFolder } from './larder-program';
import { ask, startOrigin } from './recording-origin';

const CANARY = 'CANARY5up3rS3cret';
const servers: RedisServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.dispose();
});

describe.skipIf(redisServerMissing() !== null || process.platform === 'win32')(
  'larder, REDIS_URL=unix:',
  () => {
    it('keeps the responses in the Redis behind the socket, and shows no password', async () => {
      const socket = join(temporaryFolder(), 'redis.sock');
      const server = await startRedisServer(['--unixsocket', socket, '--requirepass', CANARY]);
      servers.push(server);
      const origin = await startOrigin();
      const env = { REDIS_URL: `unix://:${CANARY}@${socket}?db=1` };
      const flags = ['--origin', origin.url, '--port', '0'];
      const first = new LarderProgram(flags, { env });
      const url = await first.ready();
      expect(first.stdout).toContain('(store redis, ttl 300 s)');
      const xCache = async (base: string) => (await ask(`${base}/kept`)).fields['x-cache'];
      await expect.poll(() => xCache(url)).toBe('HIT');
      const { stdout, stderr } = await first.stop();
      expect(`${stdout}${stderr}`).not.toContain(CANARY);
      const asked = origin.requests.length;
      const second = new LarderProgram(flags, { env });
      const again = await second.ready();
      await expect.poll(async () => (await ask(`${again}/.larder/status`)).body).toContain('"health":"ok"');
      expect(await xCache(again)).toBe('HIT');
      expect(origin.requests).toHaveLength(asked);
    });

    it('refuses one that it cannot read with 2, without repeating it', async () => {
      const { code, stderr } = await runLarder(['--demo'], { env: { REDIS_URL: `unix:${CANARY}` } });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^larder: REDIS_URL \(not shown\) must be redis:\/\/, rediss:\/\/ or unix:/);
      expect(stderr).not.toContain(CANARY);
    });
  },
);
