import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatClockMs,
  formatCount,
  formatDateTime,
  formatDurationWords,
  formatMebibytes,
  formatMs,
  formatPercent,
  formatPlural,
} from './format';

const cases = <T extends number>(format: (value: T) => string, table: readonly (readonly [T, string])[]) => {
  for (const [value, text] of table) expect(format(value)).toBe(text);
};

describe('format', () => {
  it('writes sizes in decimal units with three digits at most', () => {
    cases(formatBytes, [
      [-1, '0 B'],
      [0, '0 B'],
      [999, '999 B'],
      [1000, '1.0 kB'],
      [12_400, '12.4 kB'],
      [99_940, '99.9 kB'],
      [99_960, '100 kB'],
      [212_000, '212 kB'],
      [999_600, '1.0 MB'],
      [5_300_000_000, '5.3 GB'],
      [2_000_000_000_000_000, '2000 TB'],
    ]);
  });

  it('counts mebibytes beside a budget', () => {
    cases(formatMebibytes, [
      [0, '0'],
      [100, '< 0.1'],
      [1024 * 1024 * 1.25, '1.3'],
      [256 * 1024 * 1024, '256'],
      [2048 * 1024 * 1024, '2,048'],
    ]);
  });

  it('writes milliseconds with the precision that matters', () => {
    cases(formatMs, [
      [0, '0 ms'],
      [0.04, '< 0.1 ms'],
      [0.42, '0.4 ms'],
      [9.96, '10 ms'],
      [184.4, '184 ms'],
      [999.6, '1.00 s'],
      [1240, '1.24 s'],
      [10_010, '10.0 s'],
      [125_000, '2 min 5 s'],
    ]);
  });

  it('writes durations in at most two units', () => {
    cases(formatDurationWords, [
      [-3, '0 s'],
      [0, '0 s'],
      [0.3, 'less than 1 s'],
      [12, '12 s'],
      [59.6, '1 min'],
      [252, '4 min 12 s'],
      [300, '5 min'],
      [3599.7, '1 h'],
      [7500, '2 h 5 min'],
      [86_399, '1 d'],
      [273_600, '3 d 4 h'],
    ]);
  });

  it('writes local clock times and dates', () => {
    const at = new Date(2026, 6, 3, 4, 2, 31, 48).getTime();
    expect(formatClock(at)).toBe('04:02:31');
    expect(formatClockMs(at)).toBe('04:02:31.048');
    expect(formatDateTime(at)).toBe('2026-07-03 04:02:31');
  });

  it('sets thousands apart', () => {
    cases(formatCount, [
      [0, '0'],
      [999, '999'],
      [1284, '1,284'],
      [1_234_567.9, '1,234,567'],
    ]);
  });

  it('rounds no share up to all or down to nothing', () => {
    expect(formatPercent(0, 0)).toBe('–');
    expect(formatPercent(999, 1000)).toBe('99 %');
    expect(formatPercent(1, 1000)).toBe('1 %');
    expect(formatPercent(3, 3)).toBe('100 %');
    expect(formatPercent(0, 3)).toBe('0 %');
  });

  it('says one or many', () => {
    expect(formatPlural(1, 'stored response')).toBe('1 stored response');
    expect(formatPlural(12, 'stored response')).toBe('12 stored responses');
    expect(formatPlural(0, 'entry', 'entries')).toBe('0 entries');
  });
});
