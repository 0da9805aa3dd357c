// The layer rule, read off the import statements: shared <- engine <- main, cli; shared <- preload;
// shared <- renderer; and which folder may use which package. Covers import(), require() and `import type` too.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, sep } from 'node:path';

/** The layers and the layers that each may import from, besides itself. */
const MAY_IMPORT = /** @type {Record<string, string[]>} */ ({
  shared: [],
  'electron/engine': ['shared'],
  'electron/main': ['shared', 'electron/engine'],
  'electron/cli': ['shared', 'electron/engine'],
  'electron/preload': ['shared'],
  renderer: ['shared'],
});

/** Packages that only some places may import; a place is the beginning of a path. */
const ONLY_IN = /** @type {Record<string, string[]>} */ ({
  electron: ['electron/main/', 'electron/preload/'],
  ioredis: ['electron/engine/store/redis/'],
  undici: ['electron/engine/origin/'],
});

/** Layers that must not know Node. Preload runs in Electron's sandbox, which has none of it either. */
const WITHOUT_NODE = ['shared', 'renderer', 'electron/preload'];

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\brequire\s*\(\s*|^\s*import\s+)(['"])([^'"\n]+)\1/gm;
const NODE_MODULES = new Set(builtinModules);

/** @param {string} path with slashes, relative to the project */
function layerOf(path) {
  return Object.keys(MAY_IMPORT).find((layer) => path.startsWith(`${layer}/`));
}

/** @param {string} path
 *  @param {string} specifier
 *  @returns {string | undefined} what is wrong with the import */
function problemOf(path, specifier) {
  const layer = /** @type {string} */ (layerOf(path));
  if (specifier.startsWith('.')) return problemOfRelative(path, layer, specifier);
  const name = specifier.split('/')[0] ?? '';
  const isNode = specifier.startsWith('node:') || NODE_MODULES.has(name);
  const isTest = /\.test\.tsx?$/.test(path);
  if (isNode && WITHOUT_NODE.includes(layer) && !isTest) return `${layer} must not use Node's ${specifier}`;
  const places = ONLY_IN[name];
  if (places === undefined || places.some((place) => path.startsWith(place))) return undefined;
  return `only ${places.join(' and ')} may import ${name}`;
}

/** @param {string} path
 *  @param {string} layer
 *  @param {string} specifier */
function problemOfRelative(path, layer, specifier) {
  const target = layerOf(posix.join(posix.dirname(path), `${specifier}/`));
  if (target === undefined || target === layer || MAY_IMPORT[layer]?.includes(target)) return undefined;
  return `${layer} must not import from ${target}`;
}

/** @param {string} root
 *  @returns {string[]} the layers' source files, relative to root, with slashes */
function sourceFiles(root) {
  return Object.keys(MAY_IMPORT).flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
      .map((name) => `${layer}/${name.split(sep).join('/')}`),
  );
}

/** @param {string} root
 *  @returns {{ files: number, problems: string[] }} */
export function checkLayers(root) {
  const files = sourceFiles(root);
  const problems = files.flatMap((path) => {
    const imports = [...readFileSync(join(root, path), 'utf8').matchAll(IMPORT)];
    return imports
      .map(([, , specifier = '']) => problemOf(path, specifier))
      .filter((problem) => problem !== undefined)
      .map((problem) => `${path}: ${problem}`);
  });
  return { files: files.length, problems };
}
