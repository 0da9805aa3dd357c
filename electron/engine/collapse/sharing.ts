/** Which requests may share one fill, and how they wait for it. */
import type { Exchange } from '../exchange';
import { larderHops } from '../http/client-request';
import type { Asking, Forward } from '../semantics/cache-decision';
import { withoutHopByHop } from '../semantics/hop-by-hop';
import type { StoredResponse } from '../semantics/stored-response';
import type { FillOutcome } from './fill-outcome';
import type { InFlight } from './fills-in-flight';

/** The client left, or the outcome is there: whichever comes first ends the interest in the fill. */
export async function waitForOutcome(exchange: Exchange, { fill, outcome }: InFlight): Promise<FillOutcome> {
  const leave = fill.join();
  exchange.response.once('close', leave);
  const settled = await outcome;
  // Readers are added before interest ends; what has ended nobody gives up any more.
  if (fill.body.ended) leave();
  else setImmediate(leave);
  return settled;
}

export function mayCollapse(decision: Asking): boolean {
  return decision.kind === 'validate' ? decision.reason !== 'reload' : decision.mayCollapse;
}

/** Via names us: the origin is another Larder, or leads back here, where a request would wait for itself. */
export function cameThroughLarder({ request }: Exchange): boolean {
  return larderHops(request.fields) > 0;
}

export interface InTransit {
  readonly stored: StoredResponse;
  readonly body: Uint8Array;
}

/** What a fill has fetched whole, on its way into the store: it can be used as if it were there. */
export async function storedInTransit({ fill, outcome }: InFlight): Promise<InTransit | null> {
  if (!fill.body.ended) return null;
  const settled = await outcome;
  const trailers = await fill.ended;
  const body = fill.body.collected();
  if (settled.kind !== 'response' || settled.storing === null) return null;
  if (trailers === null || body === null || fill.invalidated) return null;
  const { storing } = settled;
  return { stored: { ...storing, trailers: withoutHopByHop(trailers), bodyBytes: body.byteLength }, body };
}

export function shareKeyOf(
  { request, key, partition }: Pick<Exchange, 'request' | 'key' | 'partition'>,
  variant: string | null,
): string {
  return `${request.method} ${key}\n${partition}\n${variant ?? ''}`;
}

/** The same question to the origin, about the whole and of nothing that is stored. */
export function withoutConditions(decision: Asking): Forward {
  const { reason, facts, forward, ifError, matching } = decision;
  const alone = { pass: false, mayStore: true, mayCollapse: false, completing: null } as const;
  return { kind: 'forward', reason, facts, forward, ifError, matching, ...alone };
}
