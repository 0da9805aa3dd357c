/**
 * HTTP dates (RFC 9110 §5.6.7): three formats, UTC only, read without
 * `Date.parse`, which accepts far more and takes local time for granted.
 */
import type { EpochMs } from '../../../shared/units';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const LONG_DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const MONTH = `(${MONTHS.join('|')})`;
const TIME = '(\\d{2}):(\\d{2}):(\\d{2})';

// RFC 9111 §4.2: caches match without regard to case, and take no zone but GMT.
const IMF_FIXDATE = new RegExp(`^${DAY}, (\\d{2}) ${MONTH} (\\d{4}) ${TIME} gmt$`, 'i');
const RFC850_DATE = new RegExp(`^${LONG_DAY}, (\\d{2})-${MONTH}-(\\d{2}) ${TIME} gmt$`, 'i');
const ASCTIME_DATE = new RegExp(`^${DAY} ${MONTH} ([ \\d]\\d) ${TIME} (\\d{4})$`, 'i');

const LAST_YEAR_9999: EpochMs = 253_402_300_799_000;
const FIRST_YEAR_0: EpochMs = -62_167_219_200_000;

interface CalendarDate {
  readonly year: number;
  readonly month: string;
  readonly day: string;
  readonly time: readonly [hour: string, minute: string, second: string];
}

/** The last IMF-fixdate and its time: messages of one second carry the same Date, and each is read several times. */
let lastFixdate: string | null = null;
let lastFixdateTime: EpochMs = 0;

/** @returns the time, or null for anything that is no HTTP date. `now` decides the century of two-digit years. */
export function parseHttpDate(value: string | undefined, now: EpochMs): EpochMs | null {
  if (value === undefined || value.length > 40) return null;
  if (value === lastFixdate) return lastFixdateTime;
  const time = parseFixdate(value);
  if (time === null) return parseRfc850(value, now) ?? parseAsctime(value);
  lastFixdate = value;
  lastFixdateTime = time;
  return time;
}

/** IMF-fixdate; times outside the years 0 to 9999 become the nearest within. */
export function formatHttpDate(time: EpochMs): string {
  const within = Math.min(Math.max(time, FIRST_YEAR_0), LAST_YEAR_9999);
  return new Date(Number.isNaN(within) ? 0 : within).toUTCString();
}

function parseFixdate(value: string): EpochMs | null {
  const match = IMF_FIXDATE.exec(value);
  if (match === null) return null;
  const [, day = '', month = '', year = '', hour = '', minute = '', second = ''] = match;
  return calendarTime({ year: Number(year), month, day, time: [hour, minute, second] });
}

function parseRfc850(value: string, now: EpochMs): EpochMs | null {
  const match = RFC850_DATE.exec(value);
  if (match === null) return null;
  const [, day = '', month = '', shortYear = '', hour = '', minute = '', second = ''] = match;
  const latest = fiftyYearsAfter(now);
  const century = Math.floor(new Date(latest).getUTCFullYear() / 100) * 100;
  const year = century + Number(shortYear);
  const time = calendarTime({ year, month, day, time: [hour, minute, second] });
  // More than 50 years ahead means the last year that ended so (RFC 9110 §5.6.7).
  if (time !== null && time <= latest) return time;
  return calendarTime({ year: year - 100, month, day, time: [hour, minute, second] });
}

function parseAsctime(value: string): EpochMs | null {
  const match = ASCTIME_DATE.exec(value);
  if (match === null) return null;
  const [, month = '', day = '', hour = '', minute = '', second = '', year = ''] = match;
  return calendarTime({ year: Number(year), month, day: day.trim(), time: [hour, minute, second] });
}

function fiftyYearsAfter(now: EpochMs): EpochMs {
  const date = new Date(now);
  return date.setUTCFullYear(date.getUTCFullYear() + 50);
}

function calendarTime({ year, month, day, time }: CalendarDate): EpochMs | null {
  const [hour, minute, second] = time.map(Number) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 60) return null;
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  const date = new Date(0);
  date.setUTCFullYear(year, monthIndex, Number(day));
  if (date.getUTCMonth() !== monthIndex || date.getUTCDate() !== Number(day)) return null;
  // A leap second is the last of its minute: equal or earlier, never later (RFC 9111 §4.2).
  return date.setUTCHours(hour, minute, Math.min(second, 59), 0);
}
