/** A check that cannot fail proves nothing: each one is run on a small project, clean and with a violation
 *  planted in it. The project has the real one's configuration and the same folders. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from './check.mjs';
import { root } from './run.mjs';

const CONFIGURATION = [
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'cspell.json',
  'knip.json',
  'tsconfig.base.json',
  ...['shared', 'electron/engine', 'electron/main', 'electron/preload', 'electron/cli', 'renderer'].map(
    (layer) => `${layer}/tsconfig.json`,
  ),
];

const CLEAN: Record<string, string> = {
  'package.json': '{ "name": "planted", "type": "module" }\n',
  'tsconfig.json': JSON.stringify({
    files: [],
    references: [
      'shared',
      'electron/engine',
      'electron/main',
      'electron/preload',
      'electron/cli',
      'renderer',
    ].map((path) => ({ path })),
  }),
  'shared/units.ts': 'export const SECOND = 1000;\n',
  'electron/engine/clock.ts': use('SECOND', '../../shared/units', 'minute'),
  'electron/main/index.ts': use('minute', '../engine/clock', 'start'),
  'electron/preload/index.ts': use('SECOND', '../../shared/units', 'hour'),
  'electron/cli/larder.ts': use('minute', '../engine/clock', 'start'),
  'renderer/main.tsx': use('SECOND', '../shared/units', 'day'),
};

function use(name: string, from: string, as: string): string {
  return `import { ${name} } from '${from}';\n\nexport const ${as} = 60 * ${name};\n`;
}

let project: string;

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}

/** Adds the files, runs one check, and puts the clean project back. */
function checkWith(name: keyof typeof checks, planted: Record<string, string>) {
  write(planted);
  try {
    return checks[name](project);
  } finally {
    for (const path of Object.keys(planted)) rmSync(join(project, path));
    write(CLEAN);
  }
}

function expectToBite(name: keyof typeof checks, planted: Record<string, string>, message: RegExp): void {
  const result = checkWith(name, planted);
  expect(result.output).toMatch(message);
  expect(result.passed).toBe(false);
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'larder-check-'));
  const modules = join(root, 'node_modules');
  mkdirSync(join(project, 'node_modules'));
  for (const name of readdirSync(modules).filter((one) => one === '.bin' || !one.startsWith('.'))) {
    symlinkSync(join(modules, name), join(project, 'node_modules', name), 'junction');
  }
  for (const path of CONFIGURATION) cpSync(join(root, path), join(project, path));
  write(CLEAN);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('a clean project', () => {
  it.each(['types', 'lint', 'layers', 'format', 'spelling'] as const)(
    'passes %s, which says what it looked at',
    (name) => {
      const result = checkWith(name, {});
      expect(result.passed).toBe(true);
      expect(result.files).toBeGreaterThanOrEqual(name === 'layers' || name === 'types' ? 6 : 5);
    },
  );

  it('passes unused', () => {
    expect(checkWith('unused', {})).toEqual({ passed: true, output: '' });
  });
});

describe('layers', () => {
  it.each([
    ['shared importing the engine', 'shared/a.ts', "import '../electron/engine/clock';"],
    ['shared importing a module of Node', 'shared/a.ts', "import { readFileSync } from 'node:fs';"],
    ['the engine importing main', 'electron/engine/a.ts', "export { x } from '../main/index';"],
    ['the engine importing the command line', 'electron/engine/a.ts', "await import('../cli/larder');"],
    ['the engine importing electron', 'electron/engine/a.ts', "import { app } from 'electron';"],
    [
      'the engine importing a type of electron',
      'electron/engine/a.ts',
      "import type { App } from 'electron';",
    ],
    ['the command line importing electron', 'electron/cli/a.ts', "import { app } from 'electron';"],
    ['the command line importing main', 'electron/cli/a.ts', "import '../main/index';"],
    ['preload importing the engine', 'electron/preload/a.ts', "import '../engine/clock';"],
    ['preload importing a module of Node', 'electron/preload/a.ts', "import 'fs/promises';"],
    ['the renderer importing the engine', 'renderer/a.tsx', "import '../electron/engine/clock';"],
    ['the renderer importing electron', 'renderer/a.ts', "import { ipcRenderer } from 'electron';"],
    ['the renderer importing a module of Node', 'renderer/a.ts', "const fs = require('fs');"],
    [
      'a store other than Redis importing ioredis',
      'electron/engine/store/memory/memory-store.ts',
      "import 'ioredis';",
    ],
    ['the command line loading ioredis', 'electron/cli/a.ts', "const redis = await import('ioredis');"],
    ['the pipeline importing undici', 'electron/engine/a.ts', "import { Pool } from 'undici';"],
    ['main importing a part of undici', 'electron/main/a.ts', "import Pool from 'undici/lib/pool.js';"],
  ])('forbids %s', (_, path, text) => {
    expectToBite('layers', { [path]: `${text}\n` }, new RegExp(`${path}: .*(must not|only)`));
  });

  it.each([
    ['main importing electron', 'electron/main/a.ts', "import { app } from 'electron';"],
    ['preload importing electron', 'electron/preload/a.ts', "import { contextBridge } from 'electron';"],
    ['the Redis store importing ioredis', 'electron/engine/store/redis/redis-store.ts', "import 'ioredis';"],
    ['the origin client importing undici', 'electron/engine/origin/origin-client.ts', "import 'undici';"],
    ['the engine importing a module of Node', 'electron/engine/a.ts', "import 'node:http';"],
  ])('allows %s', (_, path, text) => {
    expect(checkWith('layers', { [path]: `${text}\n` }).output).toBe('');
  });
});

describe('types', () => {
  it.each([
    ['a layer importing one above it', 'electron/engine/a.ts', "export * from '../main/index';\n", /TS6307/],
    ['shared using a global of Node', 'shared/a.ts', 'export const p = process.pid;\n', /process/],
    ['shared using the DOM', 'shared/a.ts', 'export const d = document.title;\n', /document/],
    ['the renderer using a global of Node', 'renderer/a.ts', 'export const p = process.pid;\n', /process/],
    ['an unchecked index', 'shared/a.ts', 'export const f = (l: string[]): string => l[0];\n', /TS2322/],
  ])('forbids %s', (_, path, text, message) => {
    expectToBite('types', { [path]: text }, message);
  });
});

describe('lint', () => {
  const long = `export function f(): void {\n${'  Math.random();\n'.repeat(61)}}\n`;
  it.each([
    ['a promise nobody waits for', 'async function f(): Promise<void> {}\nf();\n', /no-floating-promises/],
    ['any', 'export const a: any = 1;\n', /no-explicit-any/],
    ['a function of more than 60 lines', long, /max-lines-per-function/],
    ['a file of more than 400 lines', 'Math.random();\n'.repeat(401), /max-lines/],
    [
      'more than 4 parameters',
      'export const f = (a = 1, b = 2, c = 3, d = 4, e = 5) => [a, b, c, d, e];\n',
      /max-params/,
    ],
    ['an empty catch', 'try {\n  Math.random();\n} catch {}\n', /no-empty/],
  ])('forbids %s', (_, text, message) => {
    expectToBite('lint', { 'electron/engine/a.ts': text }, message);
  });

  it('forbids a cycle of imports', () => {
    const cycle = {
      'shared/a.ts': "import { b } from './b';\n\nexport const a = (): number => b();\n",
      'shared/b.ts': "import { a } from './a';\n\nexport const b = (): number => a();\n",
    };
    expectToBite('lint', cycle, /no-cycle/);
  });
});

describe('format, spelling and unused', () => {
  it('forbids another format', () => {
    expectToBite('format', { 'shared/a.ts': 'export const  a = "1"' }, /shared\/a\.ts/);
  });

  it('forbids a word that is not one', () => {
    const text = "export const NOTICE = 'The cache was recieved.';\n";
    expectToBite('spelling', { 'shared/a.ts': text }, /recieved/);
  });

  it('forbids a file that nothing uses', () => {
    expectToBite('unused', { 'shared/a.ts': 'export const a = 1;\n' }, /Unused files/);
  });

  it('forbids an export that nothing uses', () => {
    expectToBite(
      'unused',
      { 'shared/units.ts': `${CLEAN['shared/units.ts']}export const X = 1;\n` },
      /Unused exports/,
    );
  });
});
