import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIFETIME_SOURCES } from '../../../shared/exchange-summary';
import type { BodyRecord, StoredRecord } from './codec';
import {
  decodeBody,
  decodeBodyValue,
  decodeLine,
  decodeMetadata,
  decodeSmallBody,
  encodeBody,
  encodeBodyValue,
  encodeLine,
  encodeMetadata,
  parseRecord,
} from './codec';
import { SAMPLE_TIME, sampleResponse } from './test/sample-response';

const body: BodyRecord = { version: 'v', checksum: 'c', encoding: 'identity', bytes: 4, storedBytes: 4 };
const record: StoredRecord = { stored: sampleResponse(), body, keepUntil: SAMPLE_TIME };

const partial = fc.record({
  ranges: fc.array(fc.record({ first: fc.nat(), last: fc.nat() }), { minLength: 1, maxLength: 16 }),
  completeLength: fc.option(fc.nat()),
});

describe('metadata', () => {
  it('comes back as it was', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.tuple(text, text)),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(...LIFETIME_SOURCES),
        fc.option(partial),
        (key, fields, time, lifetimeSource, part) => {
          const changes = { lifetimeSource, partial: part, responseTime: time === 0 ? 0 : time };
          const stored = sampleResponse({ key, fields: fields.flat(), ...changes });
          expect(decodeMetadata(encodeMetadata({ ...record, stored }))).toEqual({ ...record, stored });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('starts with a line that a person can read', () => {
    expect(encodeMetadata(record).toString()).toMatch(/^larder3 v 1700000000000 [0-9a-f]{16}\n\{"stored":\{/);
  });

  it('is null for any flipped bit', () => {
    const encoded = encodeMetadata(record);
    fc.assert(
      fc.property(fc.nat(encoded.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(encoded);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decodeMetadata(damaged)).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it('is null for anything cut off or foreign', () => {
    const encoded = encodeMetadata(record);
    for (let length = 0; length < encoded.length; length += 1) {
      expect(decodeMetadata(encoded.subarray(0, length))).toBeNull();
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => decodeMetadata(bytes) === null));
  });

  it('is null for another version of the format', () => {
    const newer = encodeMetadata(record).toString().replace('larder3', 'larder4');
    expect(decodeMetadata(Buffer.from(newer))).toBeNull();
  });

  it.each([
    ['not JSON', '{'],
    ['not an object', '[]'],
    ['another shape', '{"stored":{}}'],
    ['an odd number of fields', JSON.stringify({ ...record, stored: { ...record.stored, fields: ['a'] } })],
    ['what gave the lifetime unknown', changed({ lifetimeSource: 'guess' })],
    ['nothing that gave the lifetime', changed({ lifetimeSource: undefined })],
    ['no word on whether it is a part', changed({ partial: undefined })],
    ['a part of no ranges', changed({ partial: { ranges: [], completeLength: 5 } })],
    ['a part with half a range', changed({ partial: { ranges: [{ first: 0 }], completeLength: 5 } })],
    ['a part below zero', changed({ partial: { ranges: [{ first: -1, last: 0 }], completeLength: 5 } })],
    ['a part without word on its length', changed({ partial: { ranges: [{ first: 0, last: 1 }] } })],
    ['a body of negative length', JSON.stringify({ ...record, body: { ...body, bytes: -1 } })],
    ['another version than its first line', JSON.stringify({ ...record, body: { ...body, version: 'x' } })],
    [
      'another time than its first line',
      JSON.stringify({ ...record, stored: { ...record.stored, responseTime: 1 } }),
    ],
  ])('is null for %s, checksum or not', (_what, json) => {
    const sum = createHash('sha256').update(json).digest('hex').slice(0, 16);
    expect(decodeMetadata(Buffer.from(`larder3 v ${SAMPLE_TIME} ${sum}\n${json}`))).toBeNull();
  });
});

describe('body', () => {
  it('comes back as it was', async () => {
    const sizes = fc.constantFrom(0, 1, 1023, 1024, 5000, 200_000);
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), typeOf, async (size, random, type) => {
        const original = random ? randomBytes(size) : Buffer.alloc(size, 'abc ');
        const { record: about, kept } = await encodeBody(typed(type), original, 6);
        expect(kept.byteLength).toBe(about.storedBytes);
        expect(Buffer.from((await decodeBody(about, kept)) ?? 'damaged')).toEqual(original);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['text/html; charset=utf-8', 'gzip'],
    ['application/json', 'gzip'],
    ['application/problem+json', 'gzip'],
    ['Application/JavaScript', 'gzip'],
    ['image/svg+xml', 'gzip'],
    ['image/png', 'identity'],
    ['application/octet-stream', 'identity'],
    ['application/zip', 'identity'],
    ['', 'identity'],
  ])('of type %j is kept with encoding %s', async (type, encoding) => {
    const { record: about } = await encodeBody(typed(type), Buffer.alloc(4096, 'text '), 6);
    expect(about.encoding).toBe(encoding);
  });

  it('is compressed so that gunzip reads it', async () => {
    const original = Buffer.alloc(4096, 'text ');
    const { kept } = await encodeBody(typed('text/plain'), original, 6);
    expect(gunzipSync(kept)).toEqual(original);
  });

  it('below 1 KiB is kept as it is', async () => {
    expect((await encodeBody(typed('text/plain'), Buffer.alloc(1023, 'a'), 6)).record.encoding).toBe(
      'identity',
    );
    expect((await encodeBody(typed('text/plain'), Buffer.alloc(1024, 'a'), 6)).record.encoding).toBe('gzip');
  });

  it('that compression makes less than a tenth smaller is kept as it is', async () => {
    expect((await encodeBody(typed('text/plain'), randomBytes(4096), 6)).record.encoding).toBe('identity');
  });

  it('that the origin encoded is kept as it is', async () => {
    const stored = sampleResponse({ fields: ['Content-Type', 'text/plain', 'Content-Encoding', 'br'] });
    expect((await encodeBody(stored, Buffer.alloc(4096, 'a'), 6)).record.encoding).toBe('identity');
  });

  it('is null when damaged', async () => {
    for (const type of ['text/plain', 'image/png']) {
      const { record: about, kept } = await encodeBody(typed(type), Buffer.alloc(4096, 'text '), 6);
      for (let at = 0; at < kept.length; at += 7) {
        const damaged = Buffer.from(kept);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        expect(await decodeBody(about, damaged)).toBeNull();
      }
      expect(await decodeBody(about, kept.subarray(1))).toBeNull();
      expect(await decodeBody({ ...about, checksum: 'other' }, kept)).toBeNull();
    }
  });

  it('is never inflated beyond its recorded length', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { record } = await encodeBody(sampleResponse(), bomb, 0);
    const about: BodyRecord = { ...record, encoding: 'gzip', bytes: 1000 };
    expect(await decodeBody({ ...about, bytes: 50 * 1024 * 1024 }, bomb)).not.toBeNull();
    expect(await decodeBody(about, bomb)).toBeNull();
    expect(await decodeBody({ ...about, bytes: 0 }, bomb)).toBeNull();
  });
});

describe('small body', () => {
  it('comes back at once as it was, and a larger one not at all', async () => {
    const sizes = fc.constantFrom(0, 1, 1023, 1024, 5000, 32 * 1024, 32 * 1024 + 1, 200_000);
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), typeOf, async (size, random, type) => {
        const original = random ? randomBytes(size) : Buffer.alloc(size, 'abc ');
        const { record: about, kept } = await encodeBody(typed(type), original, 6);
        const decoded = decodeSmallBody(about, kept);
        if (size > 32 * 1024) expect(decoded).toBeNull();
        else expect(Buffer.from(decoded ?? 'damaged')).toEqual(original);
      }),
      { numRuns: 60 },
    );
  });

  it('is null when damaged, and never inflated beyond its recorded length', async () => {
    for (const type of ['text/plain', 'image/png']) {
      const { record: about, kept } = await encodeBody(typed(type), Buffer.alloc(4096, 'text '), 6);
      for (let at = 0; at < kept.length; at += 7) {
        const damaged = Buffer.from(kept);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        expect(decodeSmallBody(about, damaged)).toBeNull();
      }
      expect(decodeSmallBody(about, kept.subarray(1))).toBeNull();
      expect(decodeSmallBody({ ...about, checksum: 'other' }, kept)).toBeNull();
      expect(decodeSmallBody({ ...about, bytes: 4095 }, kept)).toBeNull();
    }
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    const { record: about } = await encodeBody(sampleResponse(), bomb, 0);
    expect(decodeSmallBody({ ...about, encoding: 'gzip', bytes: 1000 }, bomb)).toBeNull();
  });
});

describe('body with its line', () => {
  const kept = Buffer.from('text');
  const value = encodeBodyValue(body, kept);

  it('comes back without a copy', () => {
    expect(value.toString()).toBe('larder3 identity 4 c\ntext');
    const decoded = decodeBodyValue(body, value);
    expect(decoded).toEqual(kept);
    expect(decoded?.buffer).toBe(value.buffer);
  });

  it('is null where the line is cut off, changed, or that of another body', () => {
    const line = value.indexOf('\n') + 1;
    for (let index = 0; index < line; index += 1) {
      const damaged = Buffer.from(value);
      damaged[index] = (damaged[index] ?? 0) ^ 1;
      expect(decodeBodyValue(body, damaged)).toBeNull();
      expect(decodeBodyValue(body, value.subarray(0, index))).toBeNull();
    }
    expect(decodeBodyValue(body, kept)).toBeNull();
    for (const other of [{ encoding: 'gzip' as const }, { bytes: 5 }, { checksum: 'd' }])
      expect(decodeBodyValue({ ...body, ...other }, value)).toBeNull();
  });
});

describe('line', () => {
  it('comes back as it was, and is null for any flipped bit and anything cut off', () => {
    const line = encodeLine('some words');
    expect(line).toMatch(/^larder3 some words [0-9a-f]{16}$/);
    expect(decodeLine(line)).toBe('some words');
    for (let bit = 0; bit < line.length * 7; bit += 1) {
      const damaged = Buffer.from(line);
      damaged[bit % line.length] = (damaged[bit % line.length] ?? 0) ^ (1 << (bit % 7));
      expect(decodeLine(damaged.toString())).toBeNull();
      expect(decodeLine(line.slice(0, bit % line.length))).toBeNull();
    }
    expect(decodeLine(encodeLine('').replace('larder3 ', 'larder3'))).toBeNull();
  });
});

describe('record from elsewhere', () => {
  it('is taken where it has the shape, and is null otherwise', () => {
    expect(parseRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
    for (const other of [undefined, null, 1, 'x', [], {}, { ...record, body: undefined }])
      expect(parseRecord(other)).toBeNull();
  });
});

function changed(stored: object): string {
  return JSON.stringify({ ...record, stored: { ...record.stored, ...stored } });
}

const typeOf = fc.constantFrom('text/plain', 'image/png');

function typed(type: string) {
  return sampleResponse({ fields: type === '' ? [] : ['Content-Type', type] });
}
