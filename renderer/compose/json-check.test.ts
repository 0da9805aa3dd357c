import { describe, expect, it } from 'vitest';
import { jsonCheck, prettyJson } from './json-check';

describe('jsonCheck', () => {
  it('says nothing of what is not meant to be JSON', () => {
    expect(jsonCheck('a=b', 'application/x-www-form-urlencoded')).toBeNull();
    expect(jsonCheck('  ', 'application/json')).toBeNull();
    expect(jsonCheck('{', '')).toBeNull();
  });

  it('knows JSON, under any of its types', () => {
    expect(jsonCheck('{"a":1}', 'application/json; charset=utf-8')).toEqual({
      valid: true,
      message: 'Valid JSON',
    });
    expect(jsonCheck('[]', 'application/problem+json')?.valid).toBe(true);
  });

  it('says what it stumbles over', () => {
    expect(jsonCheck('{\n  "a": x\n}', 'application/json')?.message).toBe("Not JSON: unexpected token 'x'");
    expect(jsonCheck('{"a":', 'application/json')?.valid).toBe(false);
  });
});

describe('prettyJson', () => {
  it('indents, or says that it cannot', () => {
    expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyJson('{')).toBeNull();
  });
});
