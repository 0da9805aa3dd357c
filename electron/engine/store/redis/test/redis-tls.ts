/** A redis-server that speaks only TLS, for tests, with a certificate of its own making. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { RedisServer } from './redis-server';
import { startRedisServer } from './redis-server';

const CERTIFICATE =
  '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1';

/** Started and ready. `args`: more options. */
export async function startTlsRedis(args: readonly string[] = []): Promise<RedisServer> {
  return startRedisServer((port, folder) => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    execFileSync('openssl', ['req', ...CERTIFICATE.split(' '), '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const tls = `--port 0 --tls-port ${port} --tls-key-file ${key} --tls-cert-file ${certificate}`;
    const clients = `--tls-ca-cert-file ${certificate} --tls-auth-clients no`;
    return [...`${tls} ${clients}`.split(' '), ...args];
  });
}
