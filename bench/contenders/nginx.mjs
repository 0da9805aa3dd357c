// nginx with `proxy_cache`: as it comes, and tuned for what is measured. One worker each, because every other contender
// answers from one thread too.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingProgram } from './contender.mjs';
import { freePort, launch, temporaryFolder, untilAnswering } from './process.mjs';

/** What Debian's nginx.conf says, logs included; but for `tcp_nopush on`, with which the end of an answer of 100 KiB may
 *  wait 40 ms on loopback: some 400 of them a second in place of many thousands, which would compare with a stall. */
const STOCK = {
  events: 'worker_connections 768;',
  http: ['sendfile on;', 'types_hash_max_size 2048;', 'access_log access.log;', 'gzip on;'],
  upstream: '',
  proxy: [],
};

const TUNED = {
  events: 'worker_connections 4096; multi_accept on;',
  http: [
    'sendfile off;',
    'tcp_nodelay on;',
    'access_log off;',
    'keepalive_requests 1000000000;',
    'open_file_cache max=200000 inactive=1h;',
    'open_file_cache_valid 1h;',
  ],
  upstream: 'keepalive 64;',
  proxy: ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'],
};

/** @type {import('./contender.mjs').Contender} */
export const nginx = contender('nginx', 'nginx as it comes', STOCK);

/** @type {import('./contender.mjs').Contender} */
export const tunedNginx = contender('nginx-tuned', 'nginx, tuned', TUNED);

/** @param {string} id
 *  @param {string} name
 *  @param {typeof STOCK | typeof TUNED} settings
 *  @returns {import('./contender.mjs').Contender} */
function contender(id, name, settings) {
  return {
    id,
    name,
    missing: () => missingProgram('nginx', ['-v'], 'apt-get install nginx-light'),
    start: async (originPort) => {
      const folder = temporaryFolder();
      const port = await freePort();
      mkdirSync(join(folder.path, 'temp'));
      writeFileSync(join(folder.path, 'nginx.conf'), configuration(settings, { port, originPort }));
      const server = launch('nginx', [
        '-p',
        folder.path,
        '-c',
        join(folder.path, 'nginx.conf'),
        '-e',
        'error.log',
      ]);
      const stop = async () => {
        await server.stop();
        folder.remove();
      };
      await untilAnswering(server, port, '/1/ready').catch(async (error) => {
        await stop();
        throw error;
      });
      return { id, port: () => port, pid: server.pid, asksOrigin: true, status: null, stop };
    },
  };
}

/** @param {typeof STOCK | typeof TUNED} settings
 *  @param {{ port: number, originPort: number }} ports */
function configuration({ events, http, upstream, proxy }, { port, originPort }) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path temp/${name};`,
  );
  return [
    // Started by root, its worker has to write to the folder that root made.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 1;',
    'daemon off;',
    'pid nginx.pid;',
    `events { ${events} }`,
    'http {',
    'default_type application/octet-stream;',
    ...temp,
    ...http,
    'proxy_cache_path cache levels=1:2 keys_zone=bench:256m max_size=8g inactive=24h;',
    `upstream origin { server 127.0.0.1:${originPort}; ${upstream} }`,
    `server { listen 127.0.0.1:${port} backlog=4096;`,
    `location / { proxy_pass http://origin; proxy_cache bench; ${proxy.join(' ')} }`,
    '} }',
    '',
  ].join('\n');
}
