import { describe, expect, it } from 'vitest';
import {
  composedFieldProblem,
  composedRequestProblem,
  composedTargetProblem,
  parseFieldLines,
} from './composed-request';
import { isSecretField } from './field-secrecy';

const GET = { method: 'GET', target: '/', fields: [], body: '' } as const;

describe('composed request', () => {
  it.each(['Host', 'connection', 'Content-Length', 'TRANSFER-ENCODING', 'Upgrade', 'Expect'])(
    'refuses %s and says why',
    (name) => expect(composedFieldProblem(name, 'x')).toMatch(/^.+ cannot be sent: ./),
  );

  it.each([
    ['', 'x'],
    ['a b', 'x'],
    ['X-A', 'one\r\nX-B: two'],
    ['X-A', '🫙'],
    ['X-A', '\0'],
  ])('refuses what would break the message: %j: %j', (name, value) => {
    expect(composedFieldProblem(name, value)).not.toBeNull();
  });

  it.each([
    ['If-None-Match', '"1"'],
    ['x-empty', ''],
    ['X-Latin', 'ü'],
  ])('sends %s: %s', (name, value) => expect(composedFieldProblem(name, value)).toBeNull());

  it.each(['', 'products', 'http://example.com/', '/a#b', `/${'a'.repeat(9000)}`])(
    'refuses the path %.20s',
    (target) => expect(composedTargetProblem(target)).not.toBeNull(),
  );

  it('names the first problem of a request', () => {
    expect(composedRequestProblem(GET)).toBeNull();
    expect(composedRequestProblem({ ...GET, fields: [['Host', 'a']] })).toMatch(/^Host cannot be sent/);
    expect(composedRequestProblem({ ...GET, target: 'x', fields: [['Host', 'a']] })).toMatch(/^The path/);
  });

  it('knows the fields whose values are nobody else’s', () => {
    for (const name of ['Authorization', 'cookie', 'X-Api-Key', 'X-CSRF-Token'])
      expect(isSecretField(name)).toBe(true);
    for (const name of ['Accept', 'X-Request-Id']) expect(isSecretField(name)).toBe(false);
  });
});

describe('parseFieldLines', () => {
  it('reads lines as they are pasted from elsewhere', () => {
    expect(parseFieldLines('Accept: */*\r\n\r\n  X-A :b: c \nX-Empty:')).toEqual({
      fields: [
        ['Accept', '*/*'],
        ['X-A', 'b: c'],
        ['X-Empty', ''],
      ],
      problem: null,
    });
  });

  it('names the first line that is no field', () => {
    expect(parseFieldLines('GET / HTTP/1.1\nAccept: */*')).toMatchObject({
      problem: 'Not a field: GET / HTTP/1.1',
    });
  });
});
