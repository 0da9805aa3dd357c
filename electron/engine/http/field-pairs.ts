/** Field lines as pairs, for showing and for node's trailers. */
import type { FieldLines } from '../../../shared/exchange-summary';
import type { RawFields } from './raw-fields';

export function fieldPairs(fields: RawFields): FieldLines {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < fields.length; index += 2)
    pairs.push([fields[index] ?? '', fields[index + 1] ?? '']);
  return pairs;
}
