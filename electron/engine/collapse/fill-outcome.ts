/**
 * What a fill's response head means for those who wait for it, decided once
 * and as a value: to be shared and stored, to be passed on, or a 304 that
 * freshens what is stored.
 */
import type { LarderError } from '../../../shared/error-codes';
import type { NotStoredReason } from '../../../shared/exchange-summary';
import type { RawFields } from '../http/raw-fields';
import { fieldValue } from '../http/raw-fields';
import type { OriginHead } from '../origin/origin-response';
import type { StoredResponse } from '../semantics/stored-response';

export type FillOutcome = PassedOn | NotModified | NotIdentified | Failed;

export interface PassedOn {
  readonly kind: 'response';
  readonly head: OriginHead;
  /** End-to-end fields. */
  readonly fields: RawFields;
  /** What will be stored, body length open; null: not to be stored, and not to be shared. */
  readonly storing: StoredResponse | null;
  readonly notStored: NotStoredReason | null;
  /** The origin's status, for Cache-Status. */
  readonly forwardStatus: number;
}

export interface NotModified {
  readonly kind: 'not-modified';
  /** Freshened by the 304. */
  readonly stored: StoredResponse;
  /** What was asked about; the body is its. */
  readonly validated: StoredResponse;
}

/** A 304 that speaks of something else than what was asked about. */
export interface NotIdentified {
  readonly kind: 'not-identified';
}

export interface Failed {
  readonly kind: 'failed';
  readonly error: LarderError;
}

/** The length that the origin declared; null where it did not. */
export function declaredBytes(fields: RawFields): number | null {
  const value = fieldValue(fields, 'content-length');
  return value === undefined || !/^\d+$/.test(value) ? null : Number(value);
}
