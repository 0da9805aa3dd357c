import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentAge, initialAge } from './age';
import { formatHttpDate } from './http-date';
import { NOW, NOW_DATE, received, stored } from './test/responses';

describe('RFC 9111 §4.2.3: initialAge', () => {
  it.each<[string, string[], number]>([
    ['nothing that tells an age', [], 0],
    ['a Date of now', ['Date', NOW_DATE], 0],
    ['a Date of an hour ago', ['Date', formatHttpDate(NOW - 3_600_000)], 3600],
    ['a Date in the future', ['Date', formatHttpDate(NOW + 3_600_000)], 0],
    ['a Date that is none', ['Date', 'yesterday'], 0],
    ['an Age', ['Age', '30'], 30],
    ['an Age and an older Date', ['Age', '30', 'Date', formatHttpDate(NOW - 60_000)], 60],
    ['an Age and a younger Date', ['Age', '90', 'Date', formatHttpDate(NOW - 60_000)], 90],
  ])('with %s', (_what, fields, age) => {
    expect(initialAge(received(fields))).toBe(age);
  });

  it.each([
    ['7200, 0', 7200],
    ['0, 7200', 0],
    ['abc', 0],
    ['-7200', 0],
    ['7200.0', 0],
    ['', 0],
    ['2147483649', 2 ** 31],
  ])('takes the first member of Age: %s, and ignores what is no number (§5.1)', (value, age) => {
    expect(initialAge(received(['Age', value]))).toBe(age);
  });

  it('takes the first of several lines', () => {
    expect(initialAge(received(['Age', '5', 'Age', '7']))).toBe(5);
  });

  it('counts the time the answer took', () => {
    const fields = ['Age', '10'];
    expect(initialAge(received(fields, { requestTime: NOW - 2500 }))).toBe(12.5);
  });

  it('is not made younger by a clock that went back during the request', () => {
    expect(initialAge(received(['Age', '10'], { requestTime: NOW + 5000 }))).toBe(10);
  });
});

describe('RFC 9111 §4.2.3: currentAge', () => {
  it('adds the time since the response was received', () => {
    expect(currentAge(stored({ initialAgeSeconds: 7 }), NOW + 3500)).toBe(10.5);
  });

  it('is never negative and never falls as time goes on', () => {
    const times = fc.tuple(fc.integer(), fc.integer({ min: 0 }));
    const age = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(times, age, ([start, later], initialAgeSeconds) => {
        const response = stored({ initialAgeSeconds });
        const before = currentAge(response, NOW + start);
        expect(before).toBeGreaterThanOrEqual(initialAgeSeconds);
        expect(currentAge(response, NOW + start + later)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('never lets a response be younger than the origin said, whatever its fields and the clock', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer(), (date, age, delay) => {
        const response = received(['Date', date, 'Age', age], { requestTime: NOW - delay });
        expect(initialAge(response)).toBeGreaterThanOrEqual(Math.max(0, delay / 1000));
      }),
    );
  });
});
