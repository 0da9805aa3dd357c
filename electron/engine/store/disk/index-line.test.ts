import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32';
import type { LineHead } from './index-line';
import { encodeLine, indexLines } from './index-line';

const count = fc.nat();
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('\n', '\0', '"', '\u{1f4a9}'),
);
const head: fc.Arbitrary<LineHead> = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), segment: count, previousEnd: fc.option(count) }),
  fc.record({
    kind: fc.constant('response' as const),
    id: text,
    version: text,
    sequence: count,
    body: fc.record({ segment: count, at: count, bytes: count }),
  }),
  fc.record({ kind: fc.constant('remove' as const), ids: fc.array(text) }),
  fc.constant({ kind: 'clear' as const }),
);
const record = fc.json().map((json) => new Uint8Array(Buffer.from(json)));
const line = fc.record({ head, record });
const lines = fc.array(line, { minLength: 1, maxLength: 6 });

type Line = { head: LineHead; record: Uint8Array };

const encoded = (all: readonly Line[]) => all.map((each) => encodeLine(each.head, each.record));
const read = (index: Buffer) => [...indexLines(index)];
const bare = (index: Buffer) =>
  read(index).map((each) =>
    each.kind === 'line'
      ? { head: each.head, record: each.record && Buffer.from(each.record).toString() }
      : each,
  );
const asRead = (all: readonly Line[]) =>
  all.map((each) => ({ head: each.head, record: Buffer.from(each.record).toString() }));

describe('an index line', () => {
  it('is read as it was written, whatever ids and records hold', () => {
    fc.assert(
      fc.property(lines, (all) => {
        expect(bare(Buffer.concat(encoded(all)))).toEqual(asRead(all));
      }),
    );
  });

  it('with a flipped bit is damaged, lost its record or is what it was; the others are what they were', () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), (all, which, where) => {
        const buffers = encoded(all);
        const target = which % all.length;
        const at = where % buffers[target]!.byteLength;
        buffers[target]![at]! ^= 1 << (where % 8);
        const found = bare(Buffer.concat(buffers));
        const intact = asRead(all);
        const before = found.slice(0, target);
        const after = target + 1 === all.length ? [] : found.slice(target + 1 - all.length);
        expect(before).toEqual(intact.slice(0, target));
        expect(after).toEqual(intact.slice(target + 1));
        const hit = found.slice(target, found.length - after.length);
        // A head is never another; where it cannot be read that is said.
        if (hit.some((each) => !('head' in each))) return;
        expect(hit.map((each) => 'head' in each && each.head)).toEqual([all[target]!.head]);
        expect([null, intact[target]!.record]).toContain('record' in hit[0]! ? hit[0].record : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it('that was cut off is no line, and no damage', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (all, where) => {
        const buffers = encoded(all);
        const index = Buffer.concat(buffers);
        const found = read(index.subarray(0, where % index.byteLength));
        const heads = found.map((each) => each.kind === 'line' && each.head);
        expect(all.map((each) => each.head).slice(0, heads.length)).toEqual(heads);
        const whole = found.filter((each) => each.kind === 'line' && each.record !== null);
        expect(whole.length).toBeGreaterThanOrEqual(found.length - 1);
      }),
    );
  });

  it('has the checksum that everybody calls CRC-32', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crc32(Buffer.from('6789'), crc32(Buffer.from('12345')))).toBe(0xcbf43926);
  });
});
