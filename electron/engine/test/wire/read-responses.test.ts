/** The reader of the other tests here is as strict as they need it to be. */
import { describe, expect, it } from 'vitest';
import { readResponses } from './read-responses';

const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('reading responses', () => {
  it('takes them one after the other, each by its own framing', () => {
    const bytes = [
      `${HEAD}Content-Length: 2\r\n\r\nab`,
      'HTTP/1.1 100 Continue\r\n\r\n',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\ncde\r\n0\r\nX-Sum: 1\r\n\r\n`,
      `${HEAD}Content-Length: 9\r\n\r\n`,
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n',
      'HTTP/1.1 20',
    ].join('');
    const { responses, rest } = readResponses(bytes, ['GET', 'GET', 'HEAD', 'GET']);
    expect(responses.map(({ status, body, interim }) => [status, body, ...interim])).toEqual([
      [200, 'ab'],
      [200, 'cde', 100],
      [200, ''],
      [304, ''],
    ]);
    expect(rest).toBe('HTTP/1.1 20');
  });

  it.each([
    ['a body that is cut', `${HEAD}Content-Length: 3\r\n\r\nab`],
    ['a last chunk that is missing', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`],
    ['trailers that do not end', `${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n`],
  ])('does not take %s for a response, closed or not', (_what, bytes) => {
    expect(readResponses(bytes)).toEqual({ responses: [], rest: bytes });
    expect(readResponses(bytes, [], true).responses).toEqual([]);
  });

  it('takes what has no length as a response only once the connection is closed', () => {
    expect(readResponses(`${HEAD}\r\nab`).responses).toEqual([]);
    expect(readResponses(`${HEAD}\r\nab`, [], true).responses[0]).toMatchObject({
      body: 'ab',
      framing: 'close',
    });
  });

  it.each([
    ['bytes ahead of the status line', `x${HEAD}\r\n`],
    ['another version', 'HTTP/1.0 200 OK\r\n\r\n'],
    ['a bare LF', `${HEAD}A: b\nC: d\r\n\r\n`],
    ['a bare CR', `${HEAD}A: b\rC: d\r\n\r\n`],
    ['a folded line', `${HEAD}A: b\r\n c\r\n\r\n`],
    ['a space before the colon', `${HEAD}A : b\r\n\r\n`],
    ['a control character', `${HEAD}A: \x01\r\n\r\n`],
    ['two framings', `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`],
    ['a chunk size that is none', `${HEAD}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`],
    ['a chunk that is too long', `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`],
  ])('throws at %s', (_what, bytes) => {
    expect(() => readResponses(bytes)).toThrow();
  });
});
