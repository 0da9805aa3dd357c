// The kind of proxy that Larder replaces: flask-proxy.py under gunicorn, two processes of four threads, on Redis.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingProgram } from './contender.mjs';
import { freePort, launch, untilAnswering } from './process.mjs';
import { redisMissing, startRedis } from './redis.mjs';

/** @type {import('./contender.mjs').Contender} */
export const flask = {
  id: 'flask',
  name: 'Flask and Redis, gunicorn 2x4',
  missing: () =>
    missingProgram('gunicorn', ['--version'], 'apt-get install gunicorn') ??
    missingModules() ??
    redisMissing(),
  start: async (originPort) => {
    const redis = await startRedis();
    const port = await freePort();
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const server = launch(
      'gunicorn',
      ['-w', '2', '--threads', '4', '-b', `127.0.0.1:${port}`, '--log-level', 'error', 'flask-proxy:app'],
      {
        cwd: folder,
        env: {
          ORIGIN: `http://127.0.0.1:${originPort}`,
          REDIS_PORT: String(redis.port),
          PYTHONDONTWRITEBYTECODE: '1',
        },
      },
    );
    const stop = async () => {
      await server.stop();
      await redis.stop();
    };
    await untilAnswering(server, port, '/1/ready').catch(async (error) => {
      await stop();
      throw error;
    });
    return { id: 'flask', port: () => port, pid: server.pid, asksOrigin: true, status: null, stop };
  },
};

/** In the Python that gunicorn runs on. */
function missingModules() {
  const { status } = spawnSync(pythonOfGunicorn(), ['-c', 'import flask, redis, requests'], {
    stdio: 'ignore',
  });
  if (status === 0) return null;
  return 'flask, redis or requests is missing in Python; apt-get install python3-flask python3-redis python3-requests';
}

function pythonOfGunicorn() {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const [first = ''] = readFileSync(join(folder, 'gunicorn'), 'utf8').split('\n', 1);
      return /^#! *(\S*python\S*)$/.exec(first)?.[1] ?? 'python3';
    } catch {
      // Not in this folder.
    }
  }
  return 'python3';
}
