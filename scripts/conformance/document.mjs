// Renders docs/conformance.md from the committed results. The same results give the same bytes.
import { COLUMNS, comparisonNote, figureRows, shownCount, shownShortfall } from './figures.mjs';
import { tally } from './outcomes.mjs';
import { byKindAndId, shortfalls } from './shortfalls.mjs';

/** @typedef {import('./result-files.mjs').Run} Run */
/** @typedef {import('./shortfalls.mjs').Shortfall} Shortfall */
/** @typedef {import('./suite.mjs').SuiteTest} SuiteTest */
/** @typedef {Readonly<Record<string, string>>} Reasons */
/** A test that does not pass in some of the runs.
 *  @typedef {Shortfall & { stores: string[] }} Listed */

const WIDTH = 110;

/** @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs
 *  @param {Reasons} reasons
 *  @returns {string} Markdown */
export function renderDocument(tests, runs, reasons) {
  const respect = runs.filter(({ policy }) => policy === 'respect');
  const override = runs.filter(({ policy }) => policy === 'override');
  const version = runs[0]?.version ?? '';
  return [
    ...introduction(version, tests.length),
    ...figures(tests, respect, version),
    ...missing(listed(tests, respect, reasons), respect),
    ...checks(tests, respect),
    ...overrideNote(tests, override),
  ].join('\n');
}

/** @param {string} version
 *  @param {number} count */
function introduction(version, count) {
  return [
    '# Conformance',
    '',
    '<!-- Written by npm run conformance, from docs/conformance/ and scripts/conformance/reasons.mjs. -->',
    '',
    ...wrapped(
      'What Larder does with the public suite for HTTP caches, ' +
        `[http-tests/cache-tests](https://github.com/http-tests/cache-tests), version ${version}: ${count} tests ` +
        'that concern a proxy. The rules themselves are in [caching.md](caching.md).',
    ),
    '',
    ...wrapped(
      "`npm run conformance` starts the suite's origin and the built command line in front of it, sends the " +
        "suite's requests over loopback and lets the suite judge the answers. Policy `respect`, no TTL, everything " +
        "else as it comes. The client is Node's `fetch`, which has no cache and follows no redirect here. " +
        'The raw results are in [conformance/](conformance/); `npm test` fails where a test that passes there no ' +
        'longer does.',
    ),
    '',
    ...wrapped(
      'Each test runs twice: once as Larder comes, where hits are answered on the fast path, and once with ' +
        '`"fast-path": false`, where every request goes one way. A result is written only where both come to the ' +
        'same, message and all, and `npm test` fails where they do not. `--fast-path on` or `off` runs one of them.',
    ),
    '',
  ];
}

/** @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs
 *  @param {string} version */
function figures(tests, runs, version) {
  return [
    '## Figures',
    '',
    ...table(COLUMNS, figureRows(tests, runs)),
    '',
    ...wrapped(comparisonNote(tests, version)),
    '',
    ...wrapped(
      'A test is *required* where the RFC says must, *optimal* where a cache is free but better for it, a *check* ' +
        'where the suite only asks what a cache does. A test counts where it passes and so does every test that it ' +
        'builds on; a failed setup or a request that reached the origin twice makes it count neither for nor ' +
        "against. The other caches ran three times each with the configurations of the suite's author, or their " +
        'figures are those published at https://cache-tests.fyi.',
    ),
    '',
  ];
}

/** @param {readonly string[]} head
 *  @param {readonly string[][]} rows */
function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

/** The tests that do not pass in any of the runs, each once.
 *  @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs
 *  @param {Reasons} reasons
 *  @returns {Listed[]} */
function listed(tests, runs, reasons) {
  const found = runs.flatMap(({ store, results }) =>
    shortfalls(tests, results, reasons).map((shortfall) => ({ store, shortfall })),
  );
  const missing = new Set(found.map(({ shortfall }) => shortfall.test));
  return [...missing].sort(byKindAndId).flatMap((test) => {
    const same = found.filter(({ shortfall }) => shortfall.test === test);
    const [first] = same;
    return first === undefined ? [] : [{ ...first.shortfall, stores: same.map(({ store }) => store) }];
  });
}

/** @param {readonly Listed[]} entries
 *  @param {readonly Run[]} runs */
function missing(entries, runs) {
  const heading = ['## What does not pass', ''];
  if (entries.length === 0) return [...heading, 'Nothing.', ''];
  return [...heading, ...entries.flatMap((entry) => missingTest(entry, entry.stores.length < runs.length))];
}

/** @param {Listed} entry
 *  @param {boolean} someStores whether it passes with another store */
function missingTest(entry, someStores) {
  const { test, reason, stores } = entry;
  const where = someStores ? `, with the store ${stores.join(', ')} only` : '';
  const paragraphs = (reason ?? 'Not argued.').trim().split(/\n\s*\n/);
  return [
    `### ${test.id}`,
    '',
    ...wrapped(`*${test.kind}${where}*: ${test.name.trim()}`),
    '',
    ...wrapped(`The result: \`${shownShortfall(entry)}\``),
    '',
    ...paragraphs.flatMap((paragraph) => [...wrapped(paragraph), '']),
  ];
}

/** @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs */
function checks(tests, runs) {
  const rows = runs.map(({ store, results }) => {
    const { passed, of } = tally(tests, results).check;
    return [store, String(passed), String(of - passed)];
  });
  return [
    '## Checks',
    '',
    ...wrapped('Questions about behaviour that the RFC leaves open; neither answer is right or wrong.'),
    '',
    ...table(['store', 'yes', 'no or not counted'], rows),
    '',
  ];
}

/** @param {readonly SuiteTest[]} tests
 *  @param {readonly Run[]} runs */
function overrideNote(tests, runs) {
  if (runs.length === 0) return [];
  const counts = runs.map(({ store, results }) => {
    const { required, optimal } = tally(tests, results);
    return `${shownCount(required)} required and ${shownCount(optimal)} optimal tests (${store})`;
  });
  return [
    '## Policy `override`',
    '',
    ...wrapped(
      `With \`override\` ${counts.join('; ')} pass. That is no measure of it: the TTL rules there, whatever the ` +
        'origin says, which is what most tests are about, and the first of them makes the others not count.',
    ),
    '',
  ];
}

/** One paragraph, broken at spaces.
 *  @param {string} text */
function wrapped(text) {
  const lines = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
