import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../shared/settings';
import { HeadReader, KnownFields } from './read-head';

const { limits } = DEFAULT_SETTINGS;
const read = (text: string, from = 0, own = limits) =>
  new HeadReader(new KnownFields()).read(Buffer.from(text, 'latin1'), from, own);

const PLAIN = 'GET /a?b=1 HTTP/1.1\r\nHost: localhost:3000\r\nAccept: */*\r\n\r\n';

/** What node:http makes of the same bytes; null: nothing. */
async function readByNode(
  text: string,
): Promise<Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'> | null> {
  const server = createServer({ requireHostHeader: false });
  const client = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  return new Promise((resolve) => {
    server.on('request', (request) => resolve(request));
    for (const event of ['clientError', 'upgrade', 'connect', 'checkContinue', 'checkExpectation'])
      server.on(event, () => resolve(null));
    server.emit('connection', client);
    client.push(Buffer.from(text, 'latin1'));
  });
}

const line = (text: string): readonly [string, string] => [text, PLAIN.replace('Accept: */*', text)];

describe('reading a head', () => {
  it('takes one that is whole and plain', () => {
    const head = read(PLAIN);
    expect(head).toMatchObject({ method: 'GET', target: '/a?b=1', byteLength: PLAIN.length });
    expect(head?.fields).toMatchObject({
      lines: ['Host', 'localhost:3000', 'Accept', '*/*'],
      host: 'localhost:3000',
      closes: false,
    });
  });

  it('takes HEAD, and knows who closes', () => {
    expect(read(PLAIN.replace('GET', 'HEAD'))?.method).toBe('HEAD');
    expect(read(PLAIN.replace('Accept: */*', 'Connection: close'))?.fields.closes).toBe(true);
    expect(read(PLAIN.replace('Accept: */*', 'Connection: keep-alive'))?.fields.closes).toBe(false);
  });

  it('reads one behind the other', () => {
    const both = PLAIN + PLAIN.replace('/a?b=1', '/next');
    expect(read(both, PLAIN.length)).toMatchObject({ target: '/next', byteLength: PLAIN.length - 1 });
  });

  it.each(Array.from({ length: PLAIN.length }, (_, length) => length))(
    'waits for no rest: %i bytes of a head are none',
    (length) => {
      expect(read(PLAIN.slice(0, length))).toBeNull();
    },
  );

  it.each<readonly [string, string]>([
    ['another method', PLAIN.replace('GET', 'POST')],
    ['a method in lower case', PLAIN.replace('GET', 'get')],
    ['an absolute target', PLAIN.replace('/a', 'http://evil/a')],
    ['a target without a slash', PLAIN.replace('/a', '@evil')],
    ['a fragment', PLAIN.replace('?b', '#b')],
    ['a byte beyond ASCII in the target', PLAIN.replace('?b', '\xe9')],
    ['a tab in the target', PLAIN.replace('?b', '\t')],
    ['two spaces', PLAIN.replace('GET ', 'GET  ')],
    ['two spaces before the version', PLAIN.replace(' HTTP', '  HTTP')],
    ['HTTP/1.0', PLAIN.replace('1.1', '1.0')],
    ['HTTP/1.1 with something behind it', PLAIN.replace('1.1', '1.1 ')],
    ['a line before the request', `\r\n${PLAIN}`],
    ['no Host', PLAIN.replace('Host', 'Hots')],
    ['two Hosts', PLAIN.replace('Accept: */*', 'host: localhost:3000')],
    ['no fields at all', 'GET /a HTTP/1.1\r\n\r\n'],
    ['bare LF', PLAIN.replaceAll('\r\n', '\n')],
    ['one bare LF', PLAIN.replace('\r\nAccept', '\nAccept')],
    ['a bare CR', PLAIN.replace('*/*', '*\r/*')],
    ['CR CR LF', PLAIN.replace('*/*\r', '*/*\r\r')],
    ['obs-fold', PLAIN.replace('*/*', '*/*\r\n more')],
    ['NUL', PLAIN.replace('*/*', '*\0*')],
    ['a tab in a value', PLAIN.replace('*/*', '*/\t*')],
    ['a byte beyond ASCII in a value', PLAIN.replace('*/*', '\xe9')],
    ['an empty value', PLAIN.replace('*/*', '')],
    ['no space behind the colon', PLAIN.replace('Accept: ', 'Accept:')],
    ['two spaces behind the colon', PLAIN.replace('Accept: ', 'Accept:  ')],
    ['a space at the end of a value', PLAIN.replace('*/*', '*/* ')],
    ['a space before the colon', PLAIN.replace('Accept:', 'Accept :')],
    ['an empty name', PLAIN.replace('Accept', '')],
    ['an underscore in a name', PLAIN.replace('Accept', 'Transfer_Encoding')],
    ['a line without a colon', PLAIN.replace('Accept: */*', 'Accept')],
    line('Content-Length: 0'),
    line('Transfer-Encoding: chunked'),
    line('transfer-encoding: chunked'),
    line('Upgrade: websocket'),
    line('Expect: 100-continue'),
    line('Range: bytes=0-1'),
    line('If-None-Match: "a"'),
    line('If-Range: "a"'),
    line('Cache-Control: no-cache'),
    line('Pragma: no-cache'),
    line('Connection: upgrade'),
    line('Connection: Keep-Alive'),
    line('Connection: close, te'),
    line('TE: trailers'),
    line('Trailer: a'),
    line('Via: 1.1 larder'),
    line('Keep-Alive: 5'),
    line('Proxy-Connection: close'),
    line('HTTP2-Settings: a'),
    line('Sec-WebSocket-Key: a'),
    line('Larder-Debug: key'),
    line('Max-Forwards: 1'),
    line('Connection: keep-alive\r\nConnection: close'),
  ])('leaves %s to the careful way', (_what, text) => {
    expect(text).not.toBe(PLAIN);
    expect(read(text)).toBeNull();
  });

  it('takes what is exactly as long as it may be, and nothing longer', () => {
    const target = `/${'a'.repeat(limits.targetBytes - 1)}`;
    const asking = (path: string): string => PLAIN.replace('/a?b=1', path);
    expect(read(asking(target))?.target).toBe(target);
    expect(read(asking(`${target}a`))).toBeNull();
    const room = { ...limits, headBytes: PLAIN.length };
    expect(read(PLAIN, 0, room)).not.toBeNull();
    expect(read(PLAIN, 0, { ...room, headBytes: PLAIN.length - 1 })).toBeNull();
  });

  it('gives the same fields object to the same bytes, on whatever connection', () => {
    const known = new KnownFields();
    const first = new HeadReader(known).read(Buffer.from(PLAIN), 0, limits);
    const second = new HeadReader(known).read(Buffer.from(PLAIN.replace('/a', '/b')), 0, limits);
    expect(second?.fields).toBe(first?.fields);
  });

  it('remembers no byte of a buffer that is used again', () => {
    const reader = new HeadReader(new KnownFields());
    const bytes = Buffer.from(PLAIN);
    for (const _ of [1, 2, 3]) reader.read(bytes, 0, limits);
    bytes.write('/x?b=2', 4);
    expect(reader.read(bytes, 0, limits)?.target).toBe('/x?b=2');
    bytes.write('Accepx', PLAIN.indexOf('Accept'));
    expect(reader.read(bytes, 0, limits)?.fields.lines[2]).toBe('Accepx');
  });

  it('forgets, and still reads, fields that are new each time', () => {
    const known = new KnownFields();
    const reader = new HeadReader(known);
    for (let number = 0; number < 1000; number += 1) {
      const head = reader.read(Buffer.from(PLAIN.replace('*/*', `text/${number}`)), 0, limits);
      expect(head?.fields.lines[3]).toBe(`text/${number}`);
    }
  });

  it.each([
    PLAIN,
    PLAIN.replace('*/*', 'a  b'),
    PLAIN.replace('Accept', 'A-9'),
    PLAIN.replace('*/*', '"quoted, \\" string"; q=1:2'),
    PLAIN.replace('Accept: */*', 'Cookie: a=b; c=d\r\nCookie: e=f\r\nAuthorization: Basic YTpi'),
    PLAIN.replace('Accept: */*', 'Connection: close'),
    'GET /%00%0d%0a;a=1&b=2?c={d}|e"f HTTP/1.1\r\nhost: [::1]:80\r\nX: :\r\n\r\n',
  ])('reads what node:http reads: %j', async (text) => {
    const head = read(text);
    const byNode = await readByNode(text);
    expect(head).not.toBeNull();
    expect(byNode).toMatchObject({ method: head?.method, url: head?.target });
    expect(byNode?.rawHeaders).toEqual(head?.fields.lines);
  });
});
