// Varnish as it comes, its store in memory.
import { missingProgram } from './contender.mjs';
import { freePort, launch, temporaryFolder, untilAnswering } from './process.mjs';

/** @type {import('./contender.mjs').Contender} */
export const varnish = {
  id: 'varnish',
  name: 'Varnish',
  // It compiles its configuration with a C compiler.
  missing: () =>
    missingProgram('varnishd', ['-V'], 'apt-get install varnish') ??
    missingProgram('cc', ['--version'], 'apt-get install gcc, which Varnish needs'),
  start: async (originPort) => {
    const folder = temporaryFolder();
    const port = await freePort();
    const ways = ['-a', `127.0.0.1:${port}`, '-b', `127.0.0.1:${originPort}`, '-T', 'none'];
    const store = ['-s', 'malloc,2g', '-t', '86400'];
    const server = launch('varnishd', ['-F', '-j', 'none', '-n', folder.path, ...ways, ...store]);
    const stop = async () => {
      await server.stop();
      folder.remove();
    };
    await untilAnswering(server, port, '/1/ready').catch(async (error) => {
      await stop();
      throw error;
    });
    return { id: 'varnish', port: () => port, pid: server.pid, asksOrigin: true, status: null, stop };
  },
};
