import { describe, expect, it } from 'vitest';
import { indexJson, keyOf } from './json-index';
import { jsonPath } from './json-path';
import type { Openness } from './json-rows';
import {
  OPEN_AT_FIRST,
  openTo,
  revealed,
  rowOf,
  visibleNodes,
  withSiblingsOpen,
  withToggled,
} from './json-rows';
import { treeAfterKey } from './json-tree-state';

const text = '{"a":1,"b":{"c":{"d":2},"e":[]},"f":["x",{"g h":3}]}';
const index = indexJson(text);
const nodeOf = (key: string) =>
  [...index.start.keys()].find((node) => keyOf(text, index, node) === key) ?? Number.NaN;
const shown = (openness: Openness) =>
  [...visibleNodes(index, openness)].map((node) => jsonPath(text, index, node)).join(' ');

describe('visibleNodes', () => {
  it('opens the outer two levels at first', () => {
    expect(shown(OPEN_AT_FIRST)).toBe('$ $.a $.b $.b.c $.b.e $.f $.f[0] $.f[1]');
  });

  it('closes and opens what was toggled', () => {
    expect(shown(withToggled(OPEN_AT_FIRST, [nodeOf('b')]))).toBe('$ $.a $.b $.f $.f[0] $.f[1]');
    expect(shown(withToggled(OPEN_AT_FIRST, [nodeOf('c')]))).toContain('$.b.c.d');
  });

  it('opens to a level, and all', () => {
    expect(shown(openTo(0))).toBe('$');
    expect(shown(openTo(1))).toBe('$ $.a $.b $.f');
    expect(visibleNodes(index, openTo(Infinity))).toHaveLength(index.start.length);
  });

  it('leaves long lists below the root closed', () => {
    const long = indexJson(`{"list":[${'1,'.repeat(500)}1]}`);
    expect(visibleNodes(long, OPEN_AT_FIRST)).toHaveLength(2);
  });

  it('opens all that hides a value, and all that stands beside one', () => {
    const closed = openTo(0);
    expect(shown(revealed(index, nodeOf('d'), closed))).toBe('$ $.a $.b $.b.c $.b.c.d $.b.e $.f');
    expect(shown(withSiblingsOpen(index, nodeOf('b'), openTo(1)))).toBe(
      '$ $.a $.b $.b.c $.b.e $.f $.f[0] $.f[1]',
    );
  });

  it('finds the row of a value, or of what hides it', () => {
    const rows = visibleNodes(index, openTo(1));
    expect([nodeOf('a'), nodeOf('d'), nodeOf('f')].map((node) => rowOf(rows, node))).toEqual([1, 2, 3]);
  });
});

describe('jsonPath', () => {
  it.each([
    ['{"a b":[{"c":1}]}', "$['a b'][0].c"],
    [`{"it's":{"\\"x\\"":1}}`, String.raw`$['it\'s']['"x"']`],
    ['{"":{"$id":{"é_1":1}}}', "$['']['$id'].é_1"],
    [String.raw`{"a\\b":{"1st":1}}`, String.raw`$['a\\b']['1st']`],
  ])('of the last value of %s is %s', (source, path) => {
    const made = indexJson(source);
    expect(jsonPath(source, made, made.start.length - 1)).toBe(path);
  });
});

describe('treeAfterKey', () => {
  const press = (keys: readonly string[], from = 0) =>
    keys.reduce(
      (state, key) =>
        treeAfterKey(key, state, { index, rows: visibleNodes(index, state.openness), page: 3 }) ?? state,
      { openness: OPEN_AT_FIRST, active: from },
    );
  const path = (keys: readonly string[], from?: number) => jsonPath(text, index, press(keys, from).active);

  it('walks what is in sight and stops at both ends', () => {
    expect(path(['ArrowDown', 'ArrowDown', 'ArrowDown'])).toBe('$.b.c');
    expect(path(['ArrowUp'])).toBe('$');
    expect(path(['End'])).toBe('$.f[1]');
    expect(path(['End', 'ArrowDown', 'Home'])).toBe('$');
    expect(path(['PageDown'])).toBe('$.b.c');
    expect(path(['End', 'PageUp'])).toBe('$.b.e');
  });

  it('goes in with right and out with left', () => {
    expect(path(['ArrowRight'], nodeOf('b'))).toBe('$.b.c');
    expect(path(['ArrowRight', 'ArrowRight'], nodeOf('c'))).toBe('$.b.c.d');
    expect(path(['ArrowLeft'], nodeOf('e'))).toBe('$.b');
    expect(shown(press(['ArrowLeft'], nodeOf('b')).openness)).not.toContain('$.b.c');
    expect(path(['ArrowRight'], nodeOf('a'))).toBe('$.a');
  });

  it('opens and closes with Enter and Space, and everything beside with *', () => {
    expect(shown(press(['Enter'], nodeOf('c')).openness)).toContain('$.b.c.d');
    expect(shown(press([' '], nodeOf('b')).openness)).not.toContain('$.b.c');
    expect(shown(press(['*'], nodeOf('c')).openness)).toContain('$.b.c.d');
  });

  it('leaves other keys to others', () => {
    expect(
      treeAfterKey('x', press([]), { index, rows: visibleNodes(index, OPEN_AT_FIRST), page: 3 }),
    ).toBeNull();
  });
});
