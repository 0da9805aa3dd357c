/** Which requests may share one fill, and how they wait for it. */
import type { Exchange } from '../exchange';
import type { Forward, Validate } from '../semantics/cache-decision';
import type { FillOutcome } from './fill-outcome';
import type { InFlight } from './fills-in-flight';

/** The decisions that ask the origin. */
export type Asking = Forward | Validate;

/** The client left, or the outcome is there: whichever comes first ends the interest in the fill. */
export async function waitForOutcome(exchange: Exchange, { fill, outcome }: InFlight): Promise<FillOutcome> {
  const leave = fill.join();
  exchange.response.once('close', leave);
  const settled = await outcome;
  // Readers are added before the microtask in which interest ends.
  setImmediate(leave);
  return settled;
}

export function mayCollapse(decision: Asking): boolean {
  return decision.kind === 'validate' ? decision.reason !== 'reload' : decision.mayCollapse;
}

export function shareKeyOf({ request, key, partition }: Exchange, variant: string | null): string {
  return `${request.method} ${key}\n${partition}\n${variant ?? ''}`;
}

export function withoutConditions(decision: Asking): Forward {
  const { reason, facts, forward, ifError } = decision;
  return { kind: 'forward', reason, facts, forward, ifError, mayStore: true, mayCollapse: false };
}
