/** How old a response is (RFC 9111 §4.2.3). Ages count in seconds with fractions; the wire gets whole ones. */
import type { EpochMs, Seconds } from '../../../shared/units';
import { fieldLines, type RawFields } from '../http/raw-fields';
import { parseDeltaSeconds } from './cache-control';
import { parseHttpDate } from './http-date';
import type { StoredResponse } from './stored-response';

export interface ReceivedResponse {
  readonly fields: RawFields;
  readonly requestTime: EpochMs;
  readonly responseTime: EpochMs;
}

/** corrected_initial_age (RFC 9111 §4.2.3).
 *  @returns seconds >= 0 */
export function initialAge(response: ReceivedResponse): Seconds {
  const apparentAge = Math.max(0, secondsBetween(dateOf(response), response.responseTime));
  const responseDelay = Math.max(0, secondsBetween(response.requestTime, response.responseTime));
  const correctedAge = ageValue(response.fields) + responseDelay;
  return Math.max(apparentAge, correctedAge);
}

/** A clock that is set back by more was wrong before, and what was received then is of no known age. */
const CLOCK_STEP_SECONDS: Seconds = 60;

/** current_age (RFC 9111 §4.2.3). A clock that trembles makes nothing younger than it was when received; what was
 *  received in what is the future now is as old as its lifetime, so that nothing stays fresh until that comes.
 *  @returns seconds >= 0 */
export function currentAge(stored: StoredResponse, now: EpochMs): Seconds {
  const residentTime = secondsBetween(stored.responseTime, now);
  if (residentTime < -CLOCK_STEP_SECONDS) return Math.max(stored.initialAgeSeconds, stored.lifetimeSeconds);
  return stored.initialAgeSeconds + Math.max(0, residentTime);
}

/** date_value; the time it was received where there is none (RFC 9110 §6.6.1). */
export function dateOf(response: ReceivedResponse): EpochMs {
  const date = parseHttpDate(fieldLines(response.fields, 'date')[0], response.responseTime);
  return date ?? response.responseTime;
}

/** age_value (RFC 9111 §5.1): the first member, ignored where it is no number. */
function ageValue(fields: RawFields): Seconds {
  const [line] = fieldLines(fields, 'age');
  return parseDeltaSeconds(firstMember(line ?? '')) ?? 0;
}

/**
 * Whether Age says something that cannot be relied on: no number, or several lines, whether they came as such
 * or joined with a comma and a space. Nothing is known then of how old the response is.
 */
export function hasInvalidAge(fields: RawFields): boolean {
  const [line, ...others] = fieldLines(fields, 'age');
  if (line === undefined) return false;
  return others.length > 0 || line.includes(', ') || parseDeltaSeconds(firstMember(line)) === null;
}

function firstMember(line: string): string {
  const comma = line.indexOf(',');
  return (comma < 0 ? line : line.slice(0, comma)).trim();
}

function secondsBetween(from: EpochMs, to: EpochMs): Seconds {
  return (to - from) / 1000;
}
