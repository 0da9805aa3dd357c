/** What the pipeline keeps of a response, made of the modules of semantics alone. */
import type { RawFields } from '../../http/raw-fields';
import { initialAge } from '../age';
import type { CachePolicy, DatedResponse } from '../freshness';
import { enclosedRange } from '../range';
import { storable, storableFields } from '../storable';
import type { StoredResponse } from '../stored-response';
import { variantId, varyingFields, varyNames } from '../vary';
import { stored } from './responses';

export interface Answered {
  readonly method?: string;
  readonly requestFields?: RawFields;
  readonly response: DatedResponse;
  readonly policy: CachePolicy;
}

/** Null: not stored. A part is as long as its Content-Range says, a whole is 10 bytes. */
export function keep({
  method = 'GET',
  requestFields = [],
  response,
  policy,
}: Answered): StoredResponse | null {
  const { key } = stored();
  const request = { method, fields: requestFields, hasBody: false };
  const verdict = storable({ request, url: key, response, policy, credentials: false });
  if (!verdict.store) return null;
  const names = varyNames(response.fields);
  const range = response.status === 206 ? enclosedRange(response.fields) : null;
  const identity = {
    key,
    partition: '',
    method: method === 'HEAD' ? 'HEAD' : 'GET',
    vary: names === '*' ? [] : varyingFields(names, requestFields),
    partial: range === null ? null : { ranges: [range.range], completeLength: range.completeLength },
  } as const;
  return stored({
    ...identity,
    id: variantId(identity),
    status: response.status,
    fields: storableFields(response.fields, policy),
    requestTime: response.requestTime,
    responseTime: response.responseTime,
    initialAgeSeconds: initialAge(response),
    lifetimeSeconds: verdict.lifetime.seconds,
    lifetimeSource: verdict.lifetime.source,
    mustValidate: verdict.mustValidate,
    bodyBytes: range === null ? 10 : range.range.last - range.range.first + 1,
  });
}
