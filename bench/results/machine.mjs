// On what it was measured: the machine, and the versions of everything that took part.
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { electronRuntime } from '../../scripts/electron-runtime.mjs';

const GIBIBYTE = 1024 ** 3;

/** @returns {readonly string[]} one line each */
export function machine() {
  const processors = cpus();
  return [
    `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${(totalmem() / GIBIBYTE).toFixed(0)} GiB`,
    `${type()} ${release()}`,
    `load average when it began: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(', ')}`,
    `Node ${process.version}`,
    versionOf('nginx', '-v'),
    versionOf('varnishd', '-V'),
    versionOf('wrk', '-v'),
    versionOf('redis-server', '--version'),
    versionOf('gunicorn', '--version'),
    electronVersion(),
  ].filter((line) => line !== '');
}

/** The first line that has a number with a point in it; '' where the program is not installed.
 *  @param {string} command
 *  @param {string} flag */
function versionOf(command, flag) {
  const { error, stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
  if (error !== undefined) return '';
  const line = `${stdout}\n${stderr}`.split('\n').find((text) => /\d\.\d/.test(text)) ?? '';
  return line
    .replace(/^nginx version: /, '')
    .replace(/ sha=.*$| Copyright.*$/, '')
    .trim();
}

function electronVersion() {
  try {
    return `Electron ${electronRuntime().version}`;
  } catch {
    // Not set up: its workloads are left out, and the report says so.
    return '';
  }
}
