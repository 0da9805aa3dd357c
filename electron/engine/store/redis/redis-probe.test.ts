import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePortWithBus, startRedisCluster } from './test/redis-cluster';
import { startRedisSentinel } from './test/redis-sentinel';
import { prepareRedisServer } from './test/redis-server';
import { startTlsRedis } from './test/redis-tls';
import { probeRedis } from './redis-probe';
import {
  PASSWORD,
  listening,
  lookInto,
  ownServer,
  server,
  settings,
  withRedisServer,
} from './test/redis-under-test';

withRedisServer();

/** For what never answers: the reason counts, not how long it takes. */
const IMPATIENT = { connectTimeoutMs: 500 };
const NAME = String.raw`(Redis|Valkey) \d+\.\d+\.\d+`;

describe('test of a redis connection', () => {
  it('says which Redis answered, how fast, and that it evicts nothing where it has no limit', async () => {
    const probe = await probeRedis(settings(), null);
    expect(probe.message).toMatch(
      new RegExp(
        String.raw`^${NAME} \(standalone\) answered in \d+\.\d ms\. It has no memory limit \(maxmemory 0\), so it evicts no stored responses\.$`,
      ),
    );
    expect(probe.ok).toBe(true);
  });

  it.each([
    [
      'noeviction',
      'It evicts no stored responses, but refuses new ones when its 64 MiB are full (maxmemory-policy noeviction).',
    ],
    ['allkeys-lru', 'It may evict stored responses when its 64 MiB are full (maxmemory-policy allkeys-lru).'],
    [
      'volatile-ttl',
      'It may evict stored responses when its 64 MiB are full (maxmemory-policy volatile-ttl).',
    ],
  ])('says what %s means for stored responses', async (policy, sentence) => {
    const own = await ownServer(['--maxmemory', '64mb', '--maxmemory-policy', policy]);
    const probe = await probeRedis(settings({ port: own.port }), null);
    expect(probe).toEqual({ ok: true, message: expect.stringContaining(sentence) as string });
  });

  it('goes well without the permission to ask for more than it needs', async () => {
    const own = await ownServer();
    const rights = ['on', `>${PASSWORD}`, '~*', '+@all', '-info', '-config', '-client'];
    await lookInto(own.port).call('ACL', 'SETUSER', 'larder', ...rights);
    const probe = await probeRedis(settings({ port: own.port, username: 'larder' }), PASSWORD);
    expect(probe.message).toContain('It does not tell this user its memory policy (INFO).');
    expect(probe.ok).toBe(true);
  });

  it('says that it is a replica that refuses writes, a part of a cluster, or a sentinel', async () => {
    const own = await ownServer();
    await lookInto(own.port).replicaof('127.0.0.1', server.port);
    const replica = await probeRedis(settings({ port: own.port }), null);
    expect(replica.message).toContain('is a read-only replica');
    const behind = await startRedisSentinel();
    onTestFinished(() => behind.dispose());
    const sentinel = await probeRedis(settings({ port: behind.sentinel.port }), null);
    expect(sentinel.message).toContain('is a sentinel; choose the mode sentinel');
    const part = await prepareRedisServer(['--cluster-enabled', 'yes'], freePortWithBus);
    onTestFinished(() => part.dispose());
    await part.start();
    const node = await probeRedis(settings({ port: part.port }), null);
    expect(node.message).toContain('is part of a cluster; choose the mode cluster');
    expect([replica.ok, sentinel.ok, node.ok]).toEqual([false, false, false]);
  });

  it('names the master that the sentinels named', async () => {
    const behind = await startRedisSentinel({ password: PASSWORD, sentinelPassword: PASSWORD });
    onTestFinished(() => behind.dispose());
    const { masterName } = behind;
    const own = settings({ mode: 'sentinel', nodes: ['127.0.0.1:1', ...behind.nodes], masterName });
    const probe = await probeRedis(own, PASSWORD);
    const where = `127.0.0.1:${behind.master.port}`;
    expect(probe.message).toMatch(
      new RegExp(`^${NAME} \\(Sentinel's master ${masterName} at ${where}\\) answered`),
    );
    const unknown = await probeRedis({ ...own, masterName: 'another' }, PASSWORD);
    expect(unknown.message).toContain(`Sentinel at ${behind.nodes[0]} does not know a master of that name`);
    const none = await probeRedis({ ...own, nodes: [`127.0.0.1:${server.port}`] }, null);
    expect(none.message).toContain('is not a sentinel');
    const refused = await probeRedis({ ...own, nodes: ['127.0.0.1:1'] }, PASSWORD);
    expect(refused.message).toBe('Sentinel at 127.0.0.1:1 refused the connection.');
  });

  it('counts the masters of a cluster, and says that there is none', async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.dispose());
    const [, second = ''] = cluster.nodes;
    const probe = await probeRedis(settings({ mode: 'cluster', nodes: ['127.0.0.1:1', second] }), null);
    expect(probe.message).toMatch(new RegExp(String.raw`^${NAME} \(cluster of 3 masters\) answered`));
    await cluster.servers[0]?.stop();
    const lost = await probeRedis(settings({ mode: 'cluster', nodes: [second] }), null);
    expect(lost.message).toMatch(/refused the connection|part of a cluster that is down/);
    const none = await probeRedis(settings({ mode: 'cluster', nodes: [`127.0.0.1:${server.port}`] }), null);
    expect(none.message).toContain('is not part of a cluster; choose the mode standalone');
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
    const probe = await probeRedis(
      settings({ url: `rediss://127.0.0.1:${server.port}`, ...IMPATIENT }),
      null,
    );
    expect(probe.ok).toBe(false);
    expect(probe.message).toContain(`Redis at 127.0.0.1:${server.port} does not speak TLS`);
  });

  it('says that a Redis wants TLS, or which setting accepts its certificate', async () => {
    const own = await startTlsRedis();
    onTestFinished(() => own.dispose());
    const plain = await probeRedis(settings({ port: own.port, ...IMPATIENT }), null);
    expect(plain.message).toContain(`Redis at 127.0.0.1:${own.port} wants TLS`);
    const secure = settings({ port: own.port, tls: true });
    expect((await probeRedis(secure, null)).message).toContain('redis.acceptSelfSigned');
    expect((await probeRedis({ ...secure, acceptSelfSigned: true }, null)).ok).toBe(true);
  });

  it('says that there is no such socket', async () => {
    const path = join(server.folder, 'none.sock');
    const probe = await probeRedis(settings({ url: `unix:${path}` }), null);
    expect(probe.message).toBe(`Redis at ${path} cannot be found: there is no such socket.`);
  });

  it('says that it does not answer', async () => {
    const own = await ownServer();
    own.pause();
    const probe = await probeRedis(settings({ port: own.port, ...IMPATIENT }), null);
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
