/** Who listens on a port: best effort, from what the system tells its own user. Never throws. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { PortOwner } from '../../shared/ipc/desktop-channels';

const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 2000;
/** State of a listening socket in /proc/net/tcp. */
const LISTENING = '0A';

/** @returns null where nobody listens there, or the system does not say who */
export async function portOwner(
  port: number,
  platform: NodeJS.Platform = process.platform,
): Promise<PortOwner | null> {
  try {
    if (platform === 'linux') return await ownerInProc(port);
    return platform === 'win32' ? await ownerByNetstat(port) : await ownerByLsof(port);
  } catch {
    // No such command, no such folder, no right to look: all the same to whoever asks.
    return null;
  }
}

async function ownerInProc(port: number): Promise<PortOwner | null> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = listeningInodes(tables.join('\n'), port);
  if (inodes.size === 0) return null;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const holds = await Promise.all(pids.map((pid) => holdsSocket(pid, inodes)));
  const pid = pids[holds.indexOf(true)];
  return pid === undefined ? null : { name: programName(await commandLine(pid)), pid: Number(pid) };
}

/** Inodes of the sockets that listen on the port. @param table text of /proc/net/tcp and tcp6 */
export function listeningInodes(table: string, port: number): ReadonlySet<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const line of table.split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local?.endsWith(wanted) === true && state === LISTENING && inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}

async function commandLine(pid: string): Promise<readonly string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((part) => part !== '');
}

const INTERPRETER = /^(?:node|python[\d.]*|ruby|java|bun|deno|php)$/;
const SCRIPT = /^[^\s-][^\s]*\.(?:[cm]?[jt]s|py|rb|php|jar)$/;

/** `node server.js`, `redis-server`: the program, and the script that an interpreter runs. Never its other
 *  arguments, which may hold secrets. */
export function programName(argv: readonly string[]): string {
  const base = (path: string) => path.split(/[\\/]/).pop() ?? path;
  // Some write a title there: `nginx: master process …`.
  const program = base(argv[0]?.split(/:? /)[0] ?? '');
  const script = argv.slice(1).find((argument) => SCRIPT.test(argument));
  if (program === '') return 'another program';
  return script === undefined || !INTERPRETER.test(program) ? program : `${program} ${base(script)}`;
}

async function ownerByLsof(port: number): Promise<PortOwner | null> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    timeout: COMMAND_TIMEOUT_MS,
  });
  return ownerFromLsof(stdout);
}

/** @param text output of `lsof -Fpc`: one field a line, `p` the process and `c` its command */
export function ownerFromLsof(text: string): PortOwner | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  const name = /^c(.+)$/m.exec(text)?.[1];
  return pid === undefined || name === undefined ? null : { name, pid: Number(pid) };
}

async function ownerByNetstat(port: number): Promise<PortOwner | null> {
  const options = { timeout: COMMAND_TIMEOUT_MS, windowsHide: true };
  const pid = pidFromNetstat((await run('netstat', ['-ano', '-p', 'TCP'], options)).stdout, port);
  if (pid === null) return null;
  const list = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], options);
  const name = /^"([^"]+)"/.exec(list.stdout)?.[1];
  return name === undefined ? null : { name, pid };
}

/** @param text output of `netstat -ano`; the word for LISTENING is in the system's language, the zero port is not */
export function pidFromNetstat(text: string, port: number): number | null {
  for (const line of text.split(/\r?\n/)) {
    const [, local, remote, , pid] = line.trim().split(/\s+/);
    if (local?.endsWith(`:${port}`) === true && remote?.endsWith(':0') === true) return Number(pid);
  }
  return null;
}
