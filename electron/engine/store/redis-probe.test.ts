import { describe, expect, it, onTestFinished } from 'vitest';
import { prepareRedisServer } from '../test/redis-server';
import { probeRedis } from './redis-probe';
import { PASSWORD, listening, ownServer, server, settings, withRedisServer } from './test/redis-under-test';

withRedisServer();

describe('test of a redis connection', () => {
  it('says which Redis answered, how fast, and what it does when it is full', async () => {
    const probe = await probeRedis(settings(), null);
    expect(probe).toEqual({
      ok: true,
      message: expect.stringMatching(
        /^(Redis|Valkey) \d+\.\d+\.\d+ answered in \d+\.\d ms; maxmemory-policy noeviction$/,
      ) as string,
    });
  });

  it('says that the connection was refused', async () => {
    const own = await prepareRedisServer();
    onTestFinished(() => own.dispose());
    const message = `Redis at 127.0.0.1:${own.port} refused the connection.`;
    expect(await probeRedis(settings({ port: own.port }), null)).toEqual({ ok: false, message });
  });

  it('says that the password is wrong or missing, without repeating it', async () => {
    const own = await ownServer(['--requirepass', PASSWORD]);
    const wrong = await probeRedis(settings({ port: own.port }), 'wr0ng-canary');
    expect(wrong).toEqual({
      ok: false,
      message: `Redis at 127.0.0.1:${own.port} refused the user name or password.`,
    });
    const none = await probeRedis(settings({ port: own.port }), null);
    expect(none.message).toContain('wants a password');
    expect((await probeRedis(settings({ port: own.port }), PASSWORD)).ok).toBe(true);
  });

  it('says that it is not a Redis', async () => {
    const port = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await probeRedis(settings({ port }), null)).toEqual({
      ok: false,
      message: `Redis at 127.0.0.1:${port} is not a Redis: it does not speak Redis's protocol.`,
    });
  });

  it('says that the name does not resolve', async () => {
    const probe = await probeRedis(settings({ host: 'no-such-host.invalid' }), null);
    expect(probe).toEqual({
      ok: false,
      message: expect.stringContaining('the name does not resolve') as string,
    });
  });

  it('says that a plain Redis does not speak TLS', async () => {
    const probe = await probeRedis(settings({ url: `rediss://127.0.0.1:${server.port}` }), null);
    expect(probe.ok).toBe(false);
    expect(probe.message).toContain(`Redis at 127.0.0.1:${server.port} `);
  });

  it('says that it does not answer', async () => {
    const own = await ownServer();
    own.pause();
    const probe = await probeRedis(settings({ port: own.port }), null);
    expect(probe.message).toBe(`Redis at 127.0.0.1:${own.port} did not answer in time.`);
  });

  it('says that the URL is malformed', async () => {
    const probe = await probeRedis(settings({ url: 'redis://u:s3cret@host:99999' }), null);
    expect(probe).toEqual({
      ok: false,
      message: 'The Redis URL is not a URL; give one such as redis://host:6379/0.',
    });
  });
});
