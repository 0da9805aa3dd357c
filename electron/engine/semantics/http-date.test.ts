import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate, parseHttpDate } from './http-date';
import { NOW, NOW_DATE } from './test/responses';

const at = (iso: string) => Date.parse(iso);

describe('RFC 9110 §5.6.7: parseHttpDate', () => {
  it.each([
    NOW_DATE,
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'sUN, 06 nOV 1994 08:49:37 gmt',
    'SUNDAY, 06-NOV-94 08:49:37 GMT',
  ])('reads %s', (value) => {
    expect(parseHttpDate(value, NOW)).toBe(NOW);
  });

  it.each([
    ['Tue, 29 Feb 2000 00:00:00 GMT', '2000-02-29T00:00:00Z'],
    ['Thu Jan  1 00:00:00 1970', '1970-01-01T00:00:00Z'],
    ['Thu Jan 15 00:00:00 1970', '1970-01-15T00:00:00Z'],
    ['Fri, 01 Jan 0050 00:00:00 GMT', '0050-01-01T00:00:00Z'],
    ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59Z'],
  ])('reads %s in UTC', (value, iso) => {
    expect(parseHttpDate(value, NOW)).toBe(at(iso));
  });

  it('reads a leap second as the last second of its minute, never later', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', NOW)).toBe(at('2016-12-31T23:59:59Z'));
  });

  it.each([
    ['94', '2026-07-01', 1994],
    ['26', '2026-07-01', 2026],
    ['75', '2026-07-01', 2075],
    ['76', '2026-01-01', 1976],
    ['77', '2026-07-01', 1977],
    ['05', '2099-01-01', 2105],
    ['00', '1999-01-01', 2000],
    ['60', '1999-01-01', 1960],
  ])('reads the year %s, asked at %s, as %i: at most 50 years ahead', (year, now, full) => {
    const time = parseHttpDate(`Sunday, 06-Nov-${year} 08:49:37 GMT`, at(`${now}T00:00:00Z`));
    expect(new Date(time ?? 0).getUTCFullYear()).toBe(full);
  });

  it.each([
    undefined,
    '',
    '0',
    '-1',
    'garbage',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 06 Nov 1994 08:49:37 PST',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun 06 Nov 1994 08:49:37 GMT',
    'Sun, 06  Nov  1994 08:49:37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08.49.37 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Thu, 31 Feb 1994 08:49:37 GMT',
    'Mon, 29 Feb 1999 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Xxx, 06 Nov 1994 08:49:37 GMT',
    ` ${NOW_DATE}`,
    `${NOW_DATE}, ${NOW_DATE}`,
  ])('takes %j for no date', (value) => {
    expect(parseHttpDate(value, NOW)).toBeNull();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.double(), (value, now) => {
        parseHttpDate(value, now);
        parseHttpDate(`Sunday, 06-Nov-94 08:49:37 GMT${value}`, now);
      }),
    );
  });
});

describe('RFC 9110 §5.6.7: formatHttpDate', () => {
  it('writes IMF-fixdate', () => {
    expect(formatHttpDate(NOW + 999)).toBe(NOW_DATE);
  });

  it('is read back to the second, for every year of four digits', () => {
    const time = fc.integer({
      min: at('0000-01-01T00:00:00Z') / 1000,
      max: at('9999-12-31T23:59:59Z') / 1000,
    });
    fc.assert(
      fc.property(time, (seconds) => parseHttpDate(formatHttpDate(seconds * 1000), NOW) === seconds * 1000),
    );
  });

  it('stays a date for times no calendar has', () => {
    for (const time of [Infinity, -Infinity, Number.NaN, 9e15, -9e15]) {
      expect(parseHttpDate(formatHttpDate(time), NOW)).not.toBeNull();
    }
  });
});
