/** Where the rest of a stored part does not come, or not as it was asked for (RFC 9111 §3.4; U01, C15), and who else asks meanwhile, on both stores. */
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { alphabetOrigin, ALPHABET, FRESH, TAGGED } from './alphabet-origin';
import { onEachStore, type LarderOnStore } from './each-store';
import { waitUntil } from './engine-under-test';
import { inWords, keeps } from './kept-responses';
import { ranged } from './ranged-origin';

const NEW = ALPHABET.toUpperCase();
const REST = { ...TAGGED, 'Content-Range': 'bytes 10-25/26' };

onEachStore({ policy: 'respect' }, (current) => {
  const { serve, storeFirstTen, asked, hold } = alphabetOrigin(current);
  let larder: LarderOnStore;

  beforeEach(() => {
    larder = current();
    serve(ALPHABET);
  });

  describe('RFC 9110 §13.1.5: where the origin has another version', () => {
    it('its 200 is passed on, and stored in place of the part', async () => {
      await storeFirstTen();
      serve(NEW, { ...TAGGED, ETag: '"v2"' });
      const answer = await larder.get('/a');
      expect([inWords(answer), answer.headers['etag']]).toEqual([`MISS 200 ${NEW}`, '"v2"']);
      expect(answer.headers['cache-status']).toBe('larder; fwd=partial; fwd-status=200; stored; ttl=60');
      expect(asked()).toEqual([['bytes=10-25', '"v1"']]);
      await keeps(larder, `GET 200 ${NEW}`);
    });

    it.each([404, 410])('its %d is passed on, and the part goes', async (status) => {
      await storeFirstTen();
      larder.says({ status, fields: { 'Cache-Control': 'no-store' }, body: 'gone' });
      expect(inWords(await larder.get('/a'))).toBe(`MISS ${status} gone`);
      await keeps(larder);
    });

    it('its 500 is passed on, and the part stays', async () => {
      await storeFirstTen();
      larder.says({ status: 500, body: 'broken' });
      expect(inWords(await larder.get('/a'))).toBe('MISS 500 broken');
      serve(ALPHABET);
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
      expect(asked()).toEqual([
        ['bytes=10-25', '"v1"'],
        ['bytes=10-25', '"v1"'],
      ]);
    });
  });

  describe('an answer that does not complete the part: the whole is asked for', () => {
    const REST_BODY = NEW.slice(10);
    it.each<[string, number, Record<string, string>, string]>([
      ['206 of another range', 206, { ...REST, 'Content-Range': 'bytes 9-25/26' }, NEW.slice(9)],
      ['206 of less', 206, { ...REST, 'Content-Range': 'bytes 10-24/26' }, NEW.slice(10, 25)],
      ['206 of another length', 206, { ...REST, 'Content-Range': 'bytes 10-25/27' }, REST_BODY],
      ['206 of unknown length', 206, { ...REST, 'Content-Range': 'bytes 10-25/*' }, REST_BODY],
      ['206 with another tag', 206, { ...REST, ETag: '"v2"' }, REST_BODY],
      ['206 with the tag made weak', 206, { ...REST, ETag: 'W/"v1"' }, REST_BODY],
      ['206 without a tag', 206, { ...FRESH, 'Content-Range': 'bytes 10-25/26' }, REST_BODY],
      ['206 without Content-Range', 206, TAGGED, REST_BODY],
      [
        '206 in several parts',
        206,
        { ...REST, 'Content-Type': 'multipart/byteranges; boundary=x' },
        REST_BODY,
      ],
      [
        '206 whose Content-Length denies its range',
        206,
        { ...REST, 'Content-Length': '17' },
        `${REST_BODY}!`,
      ],
      ['416', 416, { 'Content-Range': 'bytes */5' }, ''],
    ])('%s', async (_name, status, fields, body) => {
      await storeFirstTen();
      larder.origin.answer((request, response) => {
        if (request.headers.range === undefined)
          ranged(larder.clock, { body: NEW, fields: TAGGED })(request, response);
        else response.writeHead(status, fields).end(body);
      });
      const answer = await larder.get('/a');
      expect(inWords(answer)).toBe(`MISS 200 ${NEW}`);
      expect(answer.headers['cache-status']).toBe('larder; fwd=partial; fwd-status=200; stored; ttl=60');
      expect(asked()).toEqual([
        ['bytes=10-25', '"v1"'],
        [undefined, undefined],
      ]);
      await keeps(larder, `GET 200 ${NEW}`);
    });
  });

  describe('a rest that does not come as announced cuts the connection: nothing half is stored', () => {
    it.each<[string, (response: ServerResponse) => void]>([
      ['broken off', (response) => response.write('klm', () => response.destroy())],
      ['too short', (response) => void response.end('klm')],
      ['too long', (response) => void response.end(`${ALPHABET.slice(10)}HTTP/1.1 200 OK\r\n\r\n`)],
    ])('%s', async (_name, finish) => {
      await storeFirstTen();
      let isOriginClosed = false;
      larder.origin.answer((_request, response) => {
        response.on('close', () => (isOriginClosed = true));
        finish(response.writeHead(206, REST));
      });
      let received = '';
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      );
      let isClosed = false;
      socket
        .setEncoding('latin1')
        .on('error', () => {})
        .on('close', () => (isClosed = true));
      socket.on('data', (text: string) => (received += text));
      await waitUntil(() => isClosed && isOriginClosed && larder.exchanges.length === 2);
      expect(received).not.toContain(`${ALPHABET}H`);
      expect(larder.exchanges[1]).toMatchObject({ outcome: 'ERROR', stored: false, notStored: 'incomplete' });
      await keeps(larder, 'GET 206 abcdefghij');
      serve(ALPHABET);
      expect(inWords(await larder.get('/a'))).toBe(`MISS 200 ${ALPHABET}`);
    });

    it('too long once the client has all: it gets no more, and the origin is given up', async () => {
      await storeFirstTen();
      const held = hold();
      let received = '';
      let isClosed = false;
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      );
      socket.setEncoding('latin1').on('data', (text: string) => (received += text));
      socket.on('error', () => {}).on('close', () => (isClosed = true));
      await waitUntil(() => held.length === 1);
      let isOriginClosed = false;
      held[0]?.on('close', () => (isOriginClosed = true));
      held[0]?.writeHead(206, REST).write(ALPHABET.slice(10));
      await waitUntil(() => received.endsWith(ALPHABET));
      held[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
      await waitUntil(() => isClosed && isOriginClosed && larder.exchanges.length === 2);
      expect(received.endsWith(ALPHABET)).toBe(true);
      expect(larder.exchanges[1]).toMatchObject({ outcome: 'ERROR', stored: false });
      await keeps(larder, 'GET 206 abcdefghij');
    });

    it('a client that leaves in the middle: nothing more is stored', async () => {
      await storeFirstTen();
      const held = hold();
      let received = '';
      const socket = connect(larder.port, '127.0.0.1', () =>
        socket.write('GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      );
      socket.setEncoding('latin1').on('data', (text: string) => (received += text));
      await waitUntil(() => held.length === 1);
      let isClosed = false;
      held[0]?.on('close', () => (isClosed = true));
      held[0]?.writeHead(206, REST).write('klm');
      await waitUntil(() => received.endsWith('abcdefghijklm'));
      socket.destroy();
      await waitUntil(() => isClosed && larder.exchanges.length === 2);
      expect(larder.exchanges[1]).toMatchObject({ reason: 'client-left', stored: false });
      await keeps(larder, 'GET 206 abcdefghij');
    });

    it('an origin that cannot be reached: 502, and the part stays', async () => {
      await storeFirstTen();
      larder.says('drop');
      expect((await larder.get('/a')).status).toBe(502);
      await keeps(larder, 'GET 206 abcdefghij');
    });
  });

  describe('others meanwhile', () => {
    it('who ask for the whole share the one request upstream', async () => {
      await storeFirstTen();
      const held = hold();
      const all = Promise.all(Array.from({ length: 10 }, () => larder.get('/a')));
      await waitUntil(() => held.length === 1);
      await larder.arrived();
      held[0]?.writeHead(206, REST).write('klm');
      const late = larder.get('/a');
      await larder.arrived();
      held[0]?.end('nopqrstuvwxyz');
      const answers = [...(await all), await late];
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
        new Set([`200 ${ALPHABET}`]),
      );
      expect(asked()).toEqual([['bytes=10-25', '"v1"']]);
      await keeps(larder, `GET 200 ${ALPHABET}`);
    });

    it('who ask for the whole all get it where the part cannot be completed', async () => {
      await storeFirstTen();
      const held = hold();
      const all = Promise.all(Array.from({ length: 5 }, () => larder.get('/a')));
      await waitUntil(() => held.length === 1);
      await larder.arrived();
      serve(NEW, { ...TAGGED, ETag: '"v2"' });
      held[0]?.writeHead(206, { ...REST, ETag: '"v2"' }).end(NEW.slice(10));
      expect(new Set((await all).map(({ text }) => text))).toEqual(new Set([NEW]));
      await keeps(larder, `GET 200 ${NEW}`);
    });

    it('who ask for a range that is stored get it from there', async () => {
      await storeFirstTen();
      const held = hold();
      const whole = larder.get('/a');
      await waitUntil(() => held.length === 1);
      expect(inWords(await larder.get('/a', { headers: { Range: 'bytes=1-2' } }))).toBe('HIT 206 bc');
      held[0]?.writeHead(206, REST).end(ALPHABET.slice(10));
      expect((await whole).text).toBe(ALPHABET);
    });

    it('who change it: what was asked for before is passed on, and not stored', async () => {
      await storeFirstTen();
      const held = hold();
      const whole = larder.get('/a');
      await waitUntil(() => held.length === 1);
      const post = larder.get('/a', { method: 'POST', body: 'x' });
      await waitUntil(() => held.length === 2);
      held[1]?.end('done');
      await post;
      held[0]?.writeHead(206, REST).end(ALPHABET.slice(10));
      expect(inWords(await whole)).toBe(`MISS 200 ${ALPHABET}`);
      await waitUntil(() => larder.exchanges.length === 3);
      expect(larder.exchanges[2]).toMatchObject({ stored: false, notStored: 'invalidated-meanwhile' });
      await keeps(larder);
    });
  });
});
