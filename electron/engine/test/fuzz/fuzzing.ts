/** All of the fuzzing by name, for the tests and for `npm run fuzz`. */
import { fuzzHeads, replayHeads } from './fuzz-heads';
import { fuzzOrigins, replayOrigins } from './fuzz-origins';
import type { Failure, FuzzPlan, FuzzResult, KeptInput } from './fuzz-plan';
import { fuzzRequests, replayRequests } from './fuzz-requests';

/** What is tried, and how many inputs of each make a round. */
export const FUZZED = {
  heads: { runs: 77_000, fuzz: fuzzHeads },
  'requests, respect': { runs: 10_000, fuzz: (plan) => fuzzRequests('respect', plan) },
  'requests, override': { runs: 10_000, fuzz: (plan) => fuzzRequests('override', plan) },
  origins: { runs: 3000, fuzz: fuzzOrigins },
} as const satisfies Record<
  string,
  { readonly runs: number; readonly fuzz: (plan: FuzzPlan) => Promise<FuzzResult> }
>;

/** What failed once, once again: on both policies, where it is a request. */
export async function replay(inputs: readonly KeptInput[]): Promise<readonly Failure[]> {
  const requests = inputs.filter((input) => input.kind === 'request');
  const heads = inputs.filter((input) => input.kind === 'head').map(({ bytes }) => bytes);
  return [
    ...(await replayHeads(heads)),
    ...(await replayRequests('respect', requests)),
    ...(await replayRequests('override', requests)),
    ...(await replayOrigins(inputs.filter((input) => input.kind === 'response'))),
  ];
}
