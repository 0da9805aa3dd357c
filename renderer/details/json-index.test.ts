import { describe, expect, it } from 'vitest';
import type { JsonIndex } from './json-index';
import { indexJson, jsonKind, keyOf, valueText } from './json-index';

/** Back to a value, to compare with JSON.parse. */
function valueOf(text: string, index: JsonIndex, node: number): unknown {
  const kind = jsonKind(text, index.start[node]!);
  if (kind === 'string') return valueText(text, index, node);
  if (kind === 'number' || kind === 'literal') return JSON.parse(valueText(text, index, node));
  const members: number[] = [];
  for (let at = node + 1; at < node + index.size[node]!; at += index.size[at]!) members.push(at);
  expect(members).toHaveLength(index.members[node]!);
  expect(members.map((at) => index.place[at])).toEqual(members.map((_, place) => place));
  expect(new Set(members.map((at) => index.parent[at]))).toEqual(new Set(members.length === 0 ? [] : [node]));
  if (kind === 'array') return members.map((at) => valueOf(text, index, at));
  return Object.fromEntries(members.map((at) => [keyOf(text, index, at), valueOf(text, index, at)]));
}

describe('indexJson', () => {
  it.each([
    '{}',
    '[]',
    ' [1, -2.5e+3 , "a\\"b\\\\", "\\u00e9\\n\\/", true,false , null] ',
    '{"a":{"b":[{},[[]]]},"c":"", "":1,"\\u0022":[ ]}',
    '"text"',
    '0',
    '[[1,2],[3,[4,{"x":[5]}]],6]',
  ])('reads %s as JSON.parse does', (text) => {
    expect(valueOf(text, indexJson(text), 0)).toEqual(JSON.parse(text));
  });

  it.each(
    ['', '{', '[1,]', '{"a"}', '{a:1}', '01', '[1] 2', '"open', '"a\nb"', 'nul', '[1 2]', '{"a":1,}'].concat([
      String.raw`"\x"`,
      String.raw`"\u12g4"`,
      '"\\',
      '-',
      '1.',
      '\u00a01',
      ']',
    ]),
  )('refuses %j as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => indexJson(text)).toThrow(SyntaxError);
  });

  it('says where it stops to be JSON', () => {
    expect(() => indexJson('{\n  "a": 1,\n  b: 2\n}')).toThrow(
      'Expected a key in double quotes at line 3, column 3',
    );
  });

  it('keeps numbers as they were written, keys that repeat, and their order', () => {
    const text = '{"z":12345678901234567890,"id":1.0,"id":1e400}';
    const index = indexJson(text);
    expect([1, 2, 3].map((node) => [keyOf(text, index, node), valueText(text, index, node)])).toEqual([
      ['z', '12345678901234567890'],
      ['id', '1.0'],
      ['id', '1e400'],
    ]);
  });

  it('finds again what it was made of, over the first size of its lists', () => {
    const value = Array.from({ length: 5000 }, (_, place) => ({ place, name: `n${place}` }));
    const text = JSON.stringify(value);
    expect(valueOf(text, indexJson(text), 0)).toEqual(value);
  });

  it('refuses hostile depth and number instead of running out of stack and memory', () => {
    expect(() => indexJson('['.repeat(500_000))).toThrow('More than 500 levels deep');
    expect(() => indexJson(`[${'1,'.repeat(2_000_001)}1]`)).toThrow('More than 2 million values');
  });
});
