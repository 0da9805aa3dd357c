// A display for windows where there is none, ended with the run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hasDisplay, isOnPath } from '../../scripts/run.mjs';
import { atExit } from './at-exit.mjs';

/** @returns {string | null} why no window can be opened */
export function displayMissing() {
  return hasDisplay() || isOnPath('Xvfb')
    ? null
    : 'there is no display, and no Xvfb to make one; apt-get install xvfb';
}

/** @returns {Promise<{ env: Readonly<Record<string, string>>, stop: () => Promise<void> }>} */
export async function openDisplay() {
  if (hasDisplay()) return { env: {}, stop: async () => undefined };
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const forget = atExit(() => child.kill('SIGKILL'));
  const [number] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('Xvfb did not start'))),
  ]);
  return {
    env: { DISPLAY: `:${String(number).trim()}` },
    stop: async () => {
      forget();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
