// The TCP connections of another process, as Linux shows them.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/** Connections of the process to these ports of this machine, in whatever state; null on other systems than Linux.
 *  @param {number} pid
 *  @param {readonly number[]} ports
 *  @returns {number | null} */
export function socketsTo(pid, ports) {
  if (process.platform !== 'linux') return null;
  const own = new Set(socketInodes(pid));
  const tables = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n'),
  );
  return tables.filter((row) => {
    const [, , remote = '', state = '', , , , , , inode = ''] = row.trim().split(/\s+/);
    const port = Number.parseInt(remote.split(':')[1] ?? '', 16);
    return state !== LISTEN && ports.includes(port) && own.has(inode);
  }).length;
}

/** @param {number} pid */
function socketInodes(pid) {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '';
    } catch {
      // Closed meanwhile.
      return '';
    }
  });
}
