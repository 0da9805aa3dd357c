import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentAge, dateOf, hasInvalidAge, initialAge } from './age';
import { formatHttpDate } from './http-date';
import { anyText, MANY } from './test/arbitraries';
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
    ['7200,0', 7200],
    [' 7200 ', 7200],
    ['abc', 0],
    ['-7200', 0],
    ['7200.0', 0],
    ['"7200"', 0],
    ['7200;x=1', 0],
    [', 7200', 0],
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

  it('is never less than the origin, the Date or the delay say, nor negative (10,000 runs)', () => {
    const delays = fc.integer({ min: -1e7, max: 1e7 });
    fc.assert(
      fc.property(anyText, delays, delays, fc.nat(1e9), (text, dateAgo, delay, age) => {
        const times = { requestTime: NOW - delay };
        const date = formatHttpDate(NOW - dateAgo);
        const apparent = Math.floor(dateAgo / 1000);
        const told = initialAge(received(['Date', date, 'Age', String(age)], times));
        const odd = initialAge(received(['Date', text, 'Age', text], times));
        return (
          told >= Math.max(0, apparent, age, age + delay / 1000) &&
          odd >= Math.max(0, delay / 1000) &&
          Number.isFinite(odd)
        );
      }),
      MANY,
    );
  });
});

describe('RFC 9111 §5.1: an Age that cannot be relied on', () => {
  it.each<[string, string[], boolean]>([
    ['none', [], false],
    ['a number', ['Age', '5'], false],
    ['zeros before it', ['Age', '005'], false],
    ['space about it', ['Age', ' 5 '], false],
    ['two members, without space', ['Age', '5,6'], false],
    ['two lines', ['Age', '5', 'age', '5'], true],
    ['two lines joined', ['Age', '5, 5'], true],
    ['nothing', ['Age', ''], true],
    ['a negative number', ['Age', '-5'], true],
    ['a fraction', ['Age', '5.0'], true],
    ['a word', ['Age', 'old'], true],
    ['a parameter', ['Age', '5;a=1'], true],
  ])('%s', (_what, fields, invalid) => {
    expect(hasInvalidAge(fields)).toBe(invalid);
  });
});

describe('RFC 9110 §6.6.1: dateOf', () => {
  it('is the Date, in any of its formats, else when it was received', () => {
    expect(dateOf(received(['Date', formatHttpDate(NOW - 5000)]))).toBe(NOW - 5000);
    expect(dateOf(received(['Date', 'Sunday, 06-Nov-94 08:49:37 GMT']))).toBe(NOW);
    expect(dateOf(received(['Date', 'yesterday']))).toBe(NOW);
    expect(dateOf(received([]))).toBe(NOW);
  });

  it('is the first of several', () => {
    expect(dateOf(received(['Date', formatHttpDate(NOW - 5000), 'Date', NOW_DATE]))).toBe(NOW - 5000);
  });
});

describe('RFC 9111 §4.2.3: currentAge', () => {
  it('adds the time since the response was received', () => {
    expect(currentAge(stored({ initialAgeSeconds: 7 }), NOW + 3500)).toBe(10.5);
  });

  it('is what it was on receipt while the clock stands before that', () => {
    expect(currentAge(stored({ initialAgeSeconds: 7 }), NOW - 1)).toBe(7);
  });

  it('is that of a lifetime that is over where it was received in what is the future now', () => {
    const response = stored({ initialAgeSeconds: 7, lifetimeSeconds: 300 });
    expect([-60_000, -60_001, -1e12].map((step) => currentAge(response, NOW + step))).toEqual([7, 300, 300]);
    expect(currentAge(stored({ initialAgeSeconds: 400, lifetimeSeconds: 300 }), NOW - 1e12)).toBe(400);
  });

  it('is never negative, never below the initial age, and never falls as the clock goes on (10,000 runs)', () => {
    const clock = fc.double({ min: -60_000, max: 1e12, noNaN: true });
    const age = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(clock, { minLength: 2, maxLength: 6 }), age, (readings, initialAgeSeconds) => {
        const response = stored({ initialAgeSeconds });
        // In the order in which they come, a clock that jumps back among them: the age goes with it, but not below.
        const ages = readings.map((reading) => ({ reading, age: currentAge(response, NOW + reading) }));
        const inOrder = [...ages].sort((left, right) => left.reading - right.reading);
        return inOrder.every(
          (later, index) => later.age >= initialAgeSeconds && later.age >= (inOrder[index - 1]?.age ?? 0),
        );
      }),
      MANY,
    );
  });
});
