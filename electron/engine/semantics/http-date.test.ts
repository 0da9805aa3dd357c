import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate, parseHttpDate } from './http-date';
import { anyText, MANY } from './test/arbitraries';
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

  it('reads each value as what it is, whatever was read before it', () => {
    for (const value of [NOW_DATE, NOW_DATE, '', 'Tue, 29 Feb 2000 00:00:00 GMT', '', NOW_DATE]) {
      const expected = value === '' ? null : Date.parse(value);
      expect(parseHttpDate(value, NOW)).toBe(expected);
    }
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

  it.each(['Sat, 31 Dec 2016 23:59:60 GMT', 'Saturday, 31-Dec-16 23:59:60 GMT', 'Sat Dec 31 23:59:60 2016'])(
    'reads a leap second as the last second of its minute, never later (RFC 9111 §4.2): %s',
    (value) => {
      expect(parseHttpDate(value, NOW)).toBe(at('2016-12-31T23:59:59Z'));
    },
  );

  it('takes no day of the week at its word', () => {
    expect(parseHttpDate('Mon, 06 Nov 1994 08:49:37 GMT', NOW)).toBe(NOW);
  });

  it('reads 29 February of a two-digit year in the last century that has it', () => {
    expect(parseHttpDate('Monday, 29-Feb-00 00:00:00 GMT', at('2060-01-01T00:00:00Z'))).toBe(
      at('2000-02-29T00:00:00Z'),
    );
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
    ['76', '2026-11-06', 1976],
    ['76', '2026-11-07', 2076],
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
    `${NOW_DATE} `,
    'Sun, 06 Nov 1994 08:49:37 GMT+1',
    'Sun, 06 Nov 1994 08:49 GMT',
    'Sun, 06 Nov 01994 08:49:37 GMT',
    'Sun, 06 Nov 1994  08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov 06 08:49:37 94',
    'Sun Nov  6 08:49:37 1994 GMT',
    'Sun Nov  0 08:49:37 1994',
    'Sun Nov 31 08:49:37 1994',
    'Sunday, 6-Nov-94 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sunday, 31-Feb-94 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 UTC',
    'Sun, ٠٦ Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 ＧＭＴ',
    '784111777',
    'x'.repeat(41),
    `${NOW_DATE}, ${NOW_DATE}`,
  ])('takes %j for no date', (value) => {
    expect(parseHttpDate(value, NOW)).toBeNull();
  });

  it('never throws (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, fc.double(), (value, now) => {
        parseHttpDate(value, now);
        parseHttpDate(`Sunday, 06-Nov-94 08:49:37 GMT${value}`, now);
        parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now);
      }),
      MANY,
    );
  });

  it('reads one time in three formats, and two-digit years within the century that ends in 50 years (10,000 runs)', () => {
    const second = fc.integer({ min: at('1950-01-01T00:00:00Z'), max: at('2150-01-01T00:00:00Z') });
    fc.assert(
      fc.property(second, second, (some, now) => {
        const time = Math.floor(some / 1000) * 1000;
        const date = new Date(time);
        const [day = '', dayOfMonth = '', month = '', year = '', clock = ''] = date
          .toUTCString()
          .split(/,? /);
        const longDay = date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
        const short = parseHttpDate(`${longDay}, ${dayOfMonth}-${month}-${year.slice(2)} ${clock} GMT`, now);
        const fifty = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50);
        const hundred = new Date(fifty).setUTCFullYear(new Date(fifty).getUTCFullYear() - 100);
        expect(parseHttpDate(date.toUTCString(), now)).toBe(time);
        const padded = dayOfMonth.replace(/^0/, ' ');
        expect(parseHttpDate(`${day} ${month} ${padded} ${clock} ${year}`, now)).toBe(time);
        expect(parseHttpDate(`${day} ${month} ${dayOfMonth} ${clock} ${year}`, now)).toBe(time);
        if (short === null) expect(`${dayOfMonth} ${month}`).toBe('29 Feb');
        else expect(new Date(short).toUTCString().slice(4, 12)).toBe(date.toUTCString().slice(4, 12));
        if (short !== null) expect(short).toBeLessThanOrEqual(fifty);
        if (short !== null && dayOfMonth !== '29') expect(short).toBeGreaterThan(hundred - 86_400_000);
        if (time <= fifty && time > hundred + 86_400_000) expect(short).toBe(time);
      }),
      MANY,
    );
  });
});

describe('RFC 9110 §5.6.7: formatHttpDate', () => {
  it('writes IMF-fixdate', () => {
    expect(formatHttpDate(NOW + 999)).toBe(NOW_DATE);
  });

  it('is read back to the second, for every year of four digits (10,000 runs)', () => {
    const time = fc.integer({
      min: at('0000-01-01T00:00:00Z') / 1000,
      max: at('9999-12-31T23:59:59Z') / 1000,
    });
    fc.assert(
      fc.property(time, (seconds) => parseHttpDate(formatHttpDate(seconds * 1000), NOW) === seconds * 1000),
      MANY,
    );
  });

  it('stays a date for times no calendar has', () => {
    for (const time of [Infinity, -Infinity, Number.NaN, 9e15, -9e15]) {
      expect(parseHttpDate(formatHttpDate(time), NOW)).not.toBeNull();
    }
  });
});
