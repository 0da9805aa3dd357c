// The public suite http-tests/cache-tests: where its files are, and which of its tests concern a proxy.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedPackage, tar } from '../registry-package.mjs';
import { SetupError } from '../run.mjs';

/** @typedef {'required' | 'optimal' | 'check'} Kind */
/** @typedef {{ id: string, name: string, kind: Kind, dependsOn: string[] }} SuiteTest */
/** What a run says about one test: true, or the error's name and message.
 *  @typedef {true | [name: string, message: string]} RawResult */
/** @typedef {{ folder: string, name: string, version: string, tests: SuiteTest[], groups: any[] }} Suite
 *  `groups` are the suite's own objects, as its runner takes them. */

export const SUITE_VERSION = '0.4.5';
const PACKAGE = {
  spec: `http-cache-tests@${SUITE_VERSION}`,
  integrity:
    'sha512-DjuwN9nUZXLTW+wav1LRESCZNVxl8SshwOy4z1pxuWbWt5/ay6sM9QQ1lebBaDO6P1IMBoK6mdf+PuVP/QNL8A==',
};
/** How many tests of each kind that version has for a proxy. */
const EXPECTED = { required: 157, optimal: 86, check: 86 };
const PARTS = ['client', 'lib', 'server', 'tests', 'package.json', 'LICENSE'];

/** What the origin and the client need; neither needs the package's dependencies.
 *  @returns {string} folder */
function packagedSuite() {
  const entry = { folder: `http-cache-tests-${SUITE_VERSION}`, mark: 'package.json' };
  return cachedPackage(PACKAGE, entry, (tarball, work) => {
    tar(['-xzf', tarball, '-C', work, ...PARTS.map((part) => `package/${part}`)]);
    return join(work, 'package');
  });
}

/** @param {string | undefined} checkout a folder of the same layout; undefined: the package
 *  @returns {Promise<Suite>} */
export async function loadSuite(checkout) {
  const folder = checkout === undefined ? packagedSuite() : resolve(checkout);
  const index = join(folder, 'tests', 'index.mjs');
  if (!existsSync(index)) throw new SetupError(`${folder} is not a checkout of cache-tests: no ${index}`);
  const { default: groups } = await import(pathToFileURL(index).href);
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const tests = testsForProxies(groups);
  if (checkout === undefined) assertCounts(tests);
  return { folder, name, version, tests, groups };
}

/** A test without a kind is required.
 *  @param {any[]} groups
 *  @returns {SuiteTest[]} */
export function testsForProxies(groups) {
  return groups
    .flatMap((group) => group.tests)
    .filter((test) => test.browser_only !== true)
    .map((test) => ({
      id: test.id,
      name: test.name,
      kind: test.kind ?? 'required',
      dependsOn: test.depends_on ?? [],
    }));
}

/** A package that has changed must not pass for the one whose results are committed.
 *  @param {SuiteTest[]} tests */
function assertCounts(tests) {
  for (const [kind, expected] of Object.entries(EXPECTED)) {
    const found = tests.filter((test) => test.kind === kind).length;
    if (found !== expected) {
      throw new SetupError(`${PACKAGE.spec} has ${found} tests of kind ${kind}, expected ${expected}`);
    }
  }
}
