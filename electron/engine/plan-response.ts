/** Decides once, for the client and for all who wait, what the origin's response is: passed on only, or stored too. */
import { declaredBytes, type PassedOn } from './collapse/fill-outcome';
import type { Fill } from './collapse/fill';
import type { OriginAsker } from './fill-step';
import { filterFields, type RawFields } from './http/raw-fields';
import type { OriginHead } from './origin/origin-response';
import { passedFields, withDate } from './origin/passed-fields';
import { initialAge } from './semantics/age';
import type { Asking } from './semantics/cache-decision';
import { hasCredentials } from './semantics/cache-key';
import { OF_ONE_CONTENT, type PartialContent } from './semantics/partial-content';
import { enclosedRange } from './semantics/range';
import { storable, storableFields, type Storable } from './semantics/storable';
import type { StoredResponse } from './semantics/stored-response';
import { variantId, varyingFields, varyNames } from './semantics/vary';

export function planResponse(asker: OriginAsker, decision: Asking, fill: Fill, head: OriginHead): PassedOn {
  const { config, request, key } = asker;
  const fields = passedFields(head, fill.responseTime);
  const forwardStatus = head.originStatus ?? head.status;
  const passed = { kind: 'response', head, fields, forwardStatus } as const;
  if (decision.kind === 'forward' && !decision.mayStore) return { ...passed, storing: null, notStored: null };
  const { requestTime, responseTime } = fill;
  const verdict = storable({
    request,
    response: { fields: head.fields, requestTime, responseTime, status: head.status },
    policy: config.settings,
    credentials: isForOneUser(asker),
    url: key,
  });
  if (!verdict.store) return { ...passed, storing: null, notStored: verdict.reason };
  if ((declaredBytes(head.fields) ?? 0) > config.settings.maxBodyBytes && request.method !== 'HEAD') {
    return { ...passed, storing: null, notStored: 'too-large' };
  }
  if (fill.invalidated) return { ...passed, storing: null, notStored: 'invalidated-meanwhile' };
  return { ...passed, storing: toBeStored(asker, fill, { head, fields, verdict }), notStored: null };
}

/** Body length open. */
function toBeStored(
  asker: OriginAsker,
  fill: Fill,
  received: { head: OriginHead; fields: RawFields; verdict: Storable & { store: true } },
): StoredResponse {
  const { config, request, key, partition } = asker;
  const { head, fields, verdict } = received;
  const { requestTime, responseTime } = fill;
  const names = varyNames(head.fields);
  const vary = names === '*' ? [] : varyingFields(names, request.fields);
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  const partial = head.status === 206 ? partOf(head.fields) : null;
  return {
    id: variantId({ method, key, partition, vary, partial }),
    key,
    partition,
    vary,
    method,
    url: key,
    status: head.status,
    statusText: head.statusText,
    fields: withDate(keptFields(fields, partial, asker), responseTime),
    trailers: [],
    requestTime,
    responseTime,
    initialAgeSeconds: initialAge({ fields: head.fields, requestTime, responseTime }),
    lifetimeSeconds: verdict.lifetime.seconds,
    lifetimeSource: verdict.lifetime.source,
    mustValidate: verdict.mustValidate,
    forOneUser: isForOneUser({ config, request }),
    partial,
    bodyBytes: 0,
    originMs: responseTime - requestTime,
  };
}

/** What describes the part is not kept: every answer from it has its own. */
function keptFields(fields: RawFields, partial: PartialContent | null, { config }: OriginAsker): string[] {
  const kept = storableFields(fields, config.settings);
  if (partial === null) return kept;
  return filterFields(kept, (name) => !OF_ONE_CONTENT.has(name));
}

/** As declared; what was received is known at the end. */
function partOf(fields: RawFields): PartialContent {
  const content = enclosedRange(fields);
  return { ranges: content === null ? [] : [content.range], completeLength: content?.completeLength ?? null };
}

function isForOneUser({ config, request }: Pick<OriginAsker, 'config' | 'request'>): boolean {
  const { policy, credentialCookies } = config.settings;
  return hasCredentials({ fields: request.fields, policy, cookiePatterns: credentialCookies });
}
