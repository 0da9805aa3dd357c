/**
 * Where settings and the persisted cache live. Desktop app and command line must find
 * the same folder, so this is Electron's `userData` of an app named `Larder`, computed.
 */
import { join, posix, win32 } from 'node:path';

const APP_NAME = 'Larder';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value; undefined where it is not set or empty. */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The data folder as an absolute path; `LARDER_DATA_DIR` decides where it is set. */
export function dataDirectory(env: Environment, platform: NodeJS.Platform, homeDirectory: string): string {
  const path = platform === 'win32' ? win32 : posix;
  const chosen = variable(env, 'LARDER_DATA_DIR');
  if (chosen !== undefined) return path.resolve(chosen);
  return path.join(applicationData(env, platform, homeDirectory), APP_NAME);
}

function applicationData(env: Environment, platform: NodeJS.Platform, homeDirectory: string): string {
  if (platform === 'win32') {
    return variable(env, 'APPDATA') ?? win32.join(homeDirectory, 'AppData', 'Roaming');
  }
  if (platform === 'darwin') return posix.join(homeDirectory, 'Library', 'Application Support');
  return variable(env, 'XDG_CONFIG_HOME') ?? posix.join(homeDirectory, '.config');
}

/** Where the memory store of the first profile is persisted, in a data folder; those of others lie beside it. */
export function cacheFolderIn(dataDir: string): string {
  return join(dataDir, 'responses');
}
