// All that is checked without running the program. Each check says how many files it looked at, and looking at
// none is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { checkLayers } from './check-layers.mjs';
import { pinnedNode, root } from './run.mjs';

const FOLDERS = ['shared', 'electron', 'renderer', 'e2e', 'scripts', 'bench'];

/** @typedef {{ passed: boolean, files?: number, output: string }} CheckResult */
/** @typedef {(project: string) => CheckResult} Check */

/** @param {string} project
 *  @param {string} file of node_modules
 *  @param {string[]} args */
function tool(project, file, args) {
  const { status, stdout, stderr } = spawnSync(pinnedNode, [join(root, 'node_modules', file), ...args], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { passed: status === 0, output: `${stdout}${stderr}`.trim() };
}

/** The folders and configuration files to look at, by name: a tool without any would choose for itself.
 *  @param {string} project */
function targets(project) {
  const folders = FOLDERS.filter((folder) => existsSync(join(project, folder)));
  return [...folders, ...readdirSync(project).filter((name) => name.endsWith('.config.ts'))];
}

/** @param {CheckResult} result of oxlint or oxfmt, which end with "Finished in 5ms on 12 files"
 *  @returns {CheckResult} */
function withFileCount(result) {
  return { ...result, files: Number(/ on (\d+) files?/.exec(result.output)?.[1] ?? 0) };
}

/** @type {Check} */
function types(project) {
  const options = ['-b', '--force', '--listFiles', '--pretty', 'false'];
  const { passed, output } = tool(project, 'typescript/bin/tsc', options);
  const lines = output.split('\n');
  const folder = realpathSync(project);
  const isListed = (/** @type {string} */ line) => /^(\/|[A-Z]:).*\.([cm]?[jt]sx?|json)$/.test(line);
  const own = lines.filter((line) => isListed(line) && !line.includes('/node_modules/'));
  const files = new Set(own.filter((line) => line.startsWith(folder.replaceAll('\\', '/')))).size;
  return { passed, files, output: lines.filter((line) => !isListed(line)).join('\n') };
}

/** @type {Check} */
function lint(project) {
  return withFileCount(tool(project, 'oxlint/bin/oxlint', ['--type-aware', ...targets(project)]));
}

/** @type {Check} */
function layers(project) {
  const { files, problems } = checkLayers(project);
  return { passed: problems.length === 0, files, output: problems.join('\n') };
}

/** @type {Check} */
function format(project) {
  return withFileCount(tool(project, 'oxfmt/bin/oxfmt', ['--check', ...targets(project)]));
}

/** knip does not say how many files it has read; check.test.ts shows that it bites.
 *  @type {Check} */
function unused(project) {
  return tool(project, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']);
}

/** What is shown and what is written about it, with the words of cspell.json.
 *  @type {Check} */
function spelling(project) {
  const result = tool(project, 'cspell/bin.mjs', ['lint', '--no-progress', '--no-color']);
  return { ...result, files: Number(/Files checked: (\d+)/.exec(result.output)?.[1] ?? 0) };
}

export const checks = { types, lint, layers, format, unused, spelling };

/** Runs every check and prints one line for each, with what it found where it failed.
 *  @returns {boolean[]} which of them passed */
export function runChecks() {
  return Object.entries(checks).map(([name, check]) => {
    const result = check(root);
    const passed = result.passed && result.files !== 0;
    const files = result.files === undefined ? '' : `, ${result.files} files`;
    const line = `${name}: ${passed ? 'passed' : 'FAILED'}${files}`;
    console.log(passed ? line : `${line}\n${result.output}`);
    return passed;
  });
}
