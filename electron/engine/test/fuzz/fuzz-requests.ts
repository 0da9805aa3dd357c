/** The fuzzing of requests: so many inputs from a seed, judged on both ways in; what fails is made small. */
import fc from 'fast-check';
import type { Policy } from '../../../../shared/settings';
import { anyInput } from './any-input';
import { shown, type FuzzInput } from './fuzz-input';
import type { Failure, FuzzPlan, FuzzResult } from './fuzz-plan';
import { heldByProcess } from './held-bytes';
import { startRequestCampaign, type Finding, type RequestCampaign } from './request-campaign';
import { smallest } from './smallest';

const BATCH = 256;
/** The store does not grow without end, and what was stored is stored anew. */
const BATCHES_A_STORE = 12;

export async function fuzzRequests(policy: Policy, plan: FuzzPlan): Promise<FuzzResult> {
  const campaign = await startRequestCampaign({ policy });
  const failures: Failure[] = [];
  let runs = 0;
  let heldEarly = 0;
  for (let batch = 0; runs < plan.runs && failures.length < plan.maxFailures; batch += 1) {
    const inputs = fc.sample(anyInput, {
      seed: plan.seed + batch,
      numRuns: Math.min(BATCH, plan.runs - runs),
    });
    for (const finding of await campaign.run(inputs)) {
      const isKnown = failures.some(({ why }) => kindOf(why) === kindOf(finding.why));
      if (!isKnown && failures.length < plan.maxFailures) failures.push(await reduced(campaign, finding));
    }
    runs += inputs.length;
    if (heldEarly === 0 && runs >= plan.runs / 4) heldEarly = await heldBytes(campaign);
    if (batch % BATCHES_A_STORE === BATCHES_A_STORE - 1) await campaign.clear();
  }
  const grownBytes = (await heldBytes(campaign)) - heldEarly;
  const fast = campaign.fastHits();
  await campaign.close();
  return { runs, failures, fast, grownBytes };
}

/** Asks inputs that failed once again. */
export async function replayRequests(
  policy: Policy,
  inputs: readonly FuzzInput[],
): Promise<readonly Failure[]> {
  const campaign = await startRequestCampaign({ policy });
  const failures: Failure[] = [];
  for (const input of inputs) {
    const why = await campaign.runAlone(input);
    if (why !== null) failures.push(failureOf(why, input));
  }
  await campaign.close();
  return failures;
}

/** With nothing stored, and what nobody holds collected. */
async function heldBytes(campaign: RequestCampaign): Promise<number> {
  await campaign.clear();
  return heldByProcess();
}

async function reduced(campaign: RequestCampaign, { input, why }: Finding): Promise<Failure> {
  if (why.startsWith('only')) return failureOf(why, input);
  const small = await smallest(input, async (smaller) => {
    const reason = await campaign.runAlone(smaller);
    return reason !== null && kindOf(reason) === kindOf(why);
  });
  return failureOf((await campaign.runAlone(small)) ?? why, small);
}

function failureOf(why: string, input: FuzzInput): Failure {
  return { why, shown: shown(input), kept: { kind: 'request', ...input } };
}

/** The words of a reason without what differs from input to input. */
function kindOf(why: string): string {
  return (
    why
      .split('\n', 1)[0]
      ?.replace(/"[^]*|\d+/g, '')
      .slice(0, 60) ?? ''
  );
}
