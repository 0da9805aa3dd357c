import { describe, expect, it } from 'vitest';
import type { JsonNode } from './json-document';
import { parseJsonDocument } from './json-document';
import { jsonRows } from './json-rows';

/** Back to a value, to compare with JSON.parse. */
function valueOf(node: JsonNode): unknown {
  if (node.kind === 'array') return node.members.map(({ value }) => valueOf(value));
  if (node.kind === 'object') {
    return Object.fromEntries(node.members.map(({ key, value }) => [key ?? '', valueOf(value)]));
  }
  return node.kind === 'string' ? node.text : JSON.parse(node.text);
}

describe('parseJsonDocument', () => {
  it.each([
    '{}',
    '[]',
    ' [1, -2.5e+3 , "a\\"b\\\\", "\\u00e9\\n", true,false , null] ',
    '{"a":{"b":[{},[[]]]},"c":""}',
    '"text"',
    '0',
  ])('reads %s as JSON.parse does', (text) => {
    expect(valueOf(parseJsonDocument(text))).toEqual(JSON.parse(text));
  });

  it.each(['', '{', '[1,]', '{"a"}', '{a:1}', '01', '[1] 2', '"open', '"a\nb"', 'nul', '[1 2]', '{"a":1,}'])(
    'refuses %j as JSON.parse does',
    (text) => {
      expect(() => JSON.parse(text)).toThrow();
      expect(() => parseJsonDocument(text)).toThrow(SyntaxError);
    },
  );

  it('keeps numbers as they were written and keys that repeat', () => {
    expect(parseJsonDocument('{"id":12345678901234567890,"id":1.0}')).toEqual({
      kind: 'object',
      members: [
        { key: 'id', value: { kind: 'number', text: '12345678901234567890' } },
        { key: 'id', value: { kind: 'number', text: '1.0' } },
      ],
    });
  });

  it('refuses hostile depth instead of overflowing the stack', () => {
    expect(() => parseJsonDocument('['.repeat(500_000))).toThrow(SyntaxError);
  });
});

describe('jsonRows', () => {
  const root = parseJsonDocument('{"a":1,"b":{"c":{"d":2},"e":[]},"f":"x"}');
  const shapes = (toggled: string[]) =>
    jsonRows(root, new Set(toggled)).map(({ path, shape, comma }) => `${path} ${shape}${comma ? ',' : ''}`);

  it('opens the outer two levels', () => {
    expect(shapes([])).toEqual([
      '0 open',
      '0.0 value,',
      '0.1 open',
      '0.1.0 closed,',
      '0.1.1 value',
      '0.1 end,',
      '0.2 value',
      '0 end',
    ]);
  });

  it('closes and opens what was toggled', () => {
    expect(shapes(['0.1'])).toEqual(['0 open', '0.0 value,', '0.1 closed,', '0.2 value', '0 end']);
    expect(shapes(['0.1.0'])).toContain('0.1.0.0 value');
  });

  it('leaves long lists below the root closed', () => {
    const long = parseJsonDocument(`{"list":[${'1,'.repeat(500)}1]}`);
    expect(jsonRows(long, new Set())).toHaveLength(3);
  });
});
