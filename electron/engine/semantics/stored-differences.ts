/** What keeps a stored response from answering a request for its own URL: pure, for the window. */
import { isSecretField } from '../../../shared/field-secrecy';
import type { Difference } from '../../../shared/nearest-stored';
import type { EpochMs } from '../../../shared/units';
import type { RawFields } from '../http/raw-fields';
import { isSamePolicy } from './cache-key';
import type { PartialContent } from './partial-content';
import type { StoredResponse } from './stored-response';
import { varyDifferences, varyingFields } from './vary';

interface AskedRequest {
  readonly method: string;
  readonly fields: RawFields;
  readonly partition: string;
  /** When it came. */
  readonly at: EpochMs;
}

/** In the order in which they would be noticed; those of the URL are not among them. */
export function storedDifferences(stored: StoredResponse, request: AskedRequest): readonly Difference[] {
  const { method, fields, partition, at } = request;
  const found: Difference[] = [];
  if (stored.method !== method && !(stored.method === 'GET' && method === 'HEAD')) {
    found.push({ kind: 'method', here: method, there: stored.method });
  }
  if (!isSamePolicy(stored.partition, partition)) found.push({ kind: 'policy' });
  else if (stored.partition !== partition) found.push({ kind: 'credentials' });
  for (const name of varyDifferences(stored, fields)) found.push(fieldDifference(stored, name, fields));
  if (stored.partial !== null) found.push({ kind: 'part', there: rangesText(stored.partial) });
  if (stored.mustValidate) found.push({ kind: 'must-validate' });
  const since = freshUntil(stored);
  if (stored.responseTime > at) found.push({ kind: 'stored-later', at: stored.responseTime });
  else if (since <= at) found.push({ kind: 'expired', since });
  return found;
}

/** When its lifetime is over. */
export function freshUntil({ responseTime, lifetimeSeconds, initialAgeSeconds }: StoredResponse): EpochMs {
  return responseTime + (lifetimeSeconds - initialAgeSeconds) * 1000;
}

function fieldDifference(stored: StoredResponse, name: string, fields: RawFields): Difference {
  const [here] = varyingFields([name], fields);
  const there = stored.vary.find(([field]) => field === name);
  const secret = isSecretField(name);
  const shown = (value: string | null | undefined) => (secret ? null : (value ?? null));
  return { kind: 'field', name, here: shown(here?.[1]), there: shown(there?.[1]), secret };
}

/** `0-1023, 2048-4095/8192` (RFC 9110 §14.4 writes a range so). */
export function rangesText({ ranges, completeLength }: PartialContent): string {
  return `${ranges.map(({ first, last }) => `${first}-${last}`).join(', ')}/${completeLength ?? '*'}`;
}
