/**
 * Numbers, sizes, durations and times in the words that the window and the
 * command line show. Pure; the unit is always part of the text.
 */
import type { EpochMs, Milliseconds, Seconds } from './units';

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1,284`: a whole number with its thousands apart. */
export function formatCount(count: number): string {
  return Math.trunc(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `980 B`, `12.4 kB`, `212 kB`: decimal units, three digits at most. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would round up to "1000 kB".
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit > 0 && value < 99.95 ? value.toFixed(1) : Math.round(value).toString();
  return `${text} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** `86`, `0.4`: bytes counted in MiB, for use beside a budget that is set in MiB. */
export function formatMebibytes(bytes: number): string {
  const mebibytes = Math.max(0, bytes) / (1024 * 1024);
  if (mebibytes === 0) return '0';
  if (mebibytes < 0.1) return '< 0.1';
  return mebibytes < 9.95 ? mebibytes.toFixed(1) : formatCount(Math.round(mebibytes));
}

/** `0 ms`, `< 0.1 ms`, `0.4 ms`, `184 ms`, `1.24 s`, `2 min 5 s`. */
export function formatMs(ms: Milliseconds): string {
  const value = Math.max(0, ms);
  if (value < 0.05) return value === 0 ? '0 ms' : '< 0.1 ms';
  if (value < 9.95) return `${value.toFixed(1)} ms`;
  if (value < 999.5) return `${Math.round(value)} ms`;
  if (value < 9_995) return `${(value / 1000).toFixed(2)} s`;
  if (value < 59_950) return `${(value / 1000).toFixed(1)} s`;
  return formatDurationWords(value / 1000);
}

function twoUnits(total: number, large: number, names: readonly [string, string]): string {
  const small = names[1] === 's' ? 1 : names[1] === 'min' ? MINUTE : HOUR;
  const rounded = Math.round(total / small) * small;
  const rest = Math.round((rounded % large) / small);
  const first = `${Math.floor(rounded / large)} ${names[0]}`;
  return rest === 0 ? first : `${first} ${rest} ${names[1]}`;
}

/** `12 s`, `5 min`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`: at most two units, never negative. */
export function formatDurationWords(seconds: Seconds): string {
  const total = Math.max(0, seconds);
  if (total > 0 && total < 0.5) return 'less than 1 s';
  if (total < 59.5) return `${Math.round(total)} s`;
  if (total < HOUR - 0.5) return twoUnits(total, MINUTE, ['min', 's']);
  if (total < DAY - 30) return twoUnits(total, HOUR, ['h', 'min']);
  return twoUnits(total, DAY, ['d', 'h']);
}

const pad = (value: number, width = 2) => value.toString().padStart(width, '0');

/** `14:02:31`, local time. */
export function formatClock(at: EpochMs): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** `14:02:31.448`, local time. */
export function formatClockMs(at: EpochMs): string {
  return `${formatClock(at)}.${pad(new Date(at).getMilliseconds(), 3)}`;
}

/** `2026-07-30 14:02:31`, local time. */
export function formatDateTime(at: EpochMs): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${formatClock(at)}`;
}

/** `87 %`; an empty whole is `–`. Never rounds up to 100 % what is not all, nor down to 0 % what is something. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return '–';
  const percent = Math.round((part / whole) * 100);
  if (percent === 100 && part < whole) return '99 %';
  if (percent === 0 && part > 0) return '1 %';
  return `${percent} %`;
}

/** `1 stored response`, `12 stored responses`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
