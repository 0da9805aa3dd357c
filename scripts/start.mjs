// npm start [-- FLAGS]: installs what is missing, builds what is out of date and opens the app with the flags.
// Without a display it runs the command line, which is the same engine without a window.
import './require-node.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { electronExecutable, isRootOnLinux } from './electron-runtime.mjs';
import { ensurePrerequisites } from './prerequisites.mjs';
import { hasDisplay, root, runForeground, runMain, runNode, say } from './run.mjs';

/** Flags that ask for an answer, not for a window. */
const ANSWERED_IN_TERMINAL = new Set(['--clear-cache', '--help', '-h', '--version', '-v']);

/** @param {string[]} flags */
async function startWindow(flags) {
  const sandbox = isRootOnLinux() ? ['--no-sandbox'] : [];
  if (sandbox.length > 0) say("root cannot use Chromium's sandbox: starting Electron with --no-sandbox");
  return runForeground(electronExecutable(), [...sandbox, root, ...flags]);
}

/** @param {string[]} flags */
async function start(flags) {
  const display = hasDisplay();
  const windowed = display && !flags.some((flag) => ANSWERED_IN_TERMINAL.has(flag));
  if (!display) say('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): running headless');
  ensurePrerequisites({ electron: windowed, tests: false });
  const code = await ensureBuilt([windowed ? 'app' : 'cli']);
  if (code !== 0) return code;
  return windowed ? startWindow(flags) : runNode('out/cli/larder.mjs', flags);
}

await runMain(() => start(process.argv.slice(2)));
