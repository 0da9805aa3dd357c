// Packages the built app with the Electron that was found. Runs on the pinned Node, which electron-builder needs.
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { electronRuntime } from './electron-runtime.mjs';
import { root, say } from './run.mjs';

const SHIMMED = {
  files: [{ from: 'scripts', to: '.', filter: ['electron-shims.cjs', 'packaged-entry.cjs'] }],
  extraMetadata: { main: 'packaged-entry.cjs' },
};

/** @param {string} version */
const major = (version) => Number(version.split('.')[0]);

/** The Node of an Electron older than 35 lacks what undici 8 needs.
 *  @param {string} version */
const needsShims = (version) => major(version) < 35;

/** An Electron older than 29 has no such fuse: its pages of `file://` always have those privileges. Larder has none.
 *  @param {Pick<import('electron-builder').AfterPackContext, 'packager'>} context */
function leaveOutNewerFuse({ packager }) {
  delete packager.config.electronFuses?.grantFileProtocolExtraPrivileges;
}

/** Packages into a folder, for a test: nothing is compressed into an installer.
 *  @param {string} output
 *  @returns {Promise<string>} path of the program to start */
export async function packageFolder(output) {
  const { folder, version, official } = electronRuntime();
  if (!official) say(`packaging with Electron ${version}: for tests, not for release`);
  const shims = needsShims(version) ? SHIMMED : {};
  const olderFuses = major(version) < 29 ? { beforePack: leaveOutNewerFuse } : {};
  await build({
    projectDir: root,
    targets: Platform.current().createTarget('dir'),
    config: {
      extends: 'electron-builder.yml',
      electronDist: folder,
      electronVersion: version,
      directories: { output },
      ...shims,
      ...olderFuses,
    },
    publish: 'never',
  });
  return programIn(output);
}

/** @param {string} output */
function programIn(output) {
  if (process.platform === 'darwin') {
    const folder = process.arch === 'arm64' ? 'mac-arm64' : 'mac';
    return join(output, folder, 'Larder.app', 'Contents', 'MacOS', 'Larder');
  }
  if (process.platform === 'win32') return join(output, 'win-unpacked', 'Larder.exe');
  return join(output, 'linux-unpacked', 'larder');
}
