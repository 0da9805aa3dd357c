/**
 * The fuzzing of origins: each input is asked for twice and something sound once on the same engines. What breaks off
 * never comes as whole, neither at first nor from the store, and nothing of it comes to whoever asks next.
 */
import fc from 'fast-check';
import { startEnginePair, forget, type EnginePair } from './engine-pair';
import { createFuzzClient, type Conversation, type FuzzClient } from './fuzz-client';
import { literal } from './fuzz-input';
import { heldByProcess } from './held-bytes';
import type { Failure, FuzzPlan, FuzzResult } from './fuzz-plan';
import { disagreement, judge } from './judge';
import { originInput, readingOf, type OriginInput, type Reading } from './response-model';
import type { Scripted } from './fuzz-origin';
import { readRequests, type RequestsRead } from './strict-requests';
import { answeredTarget, type StrictResponse } from './strict-responses';
import { valuesOf } from './strict-grammar';

const BATCH = 64;
const BATCHES_A_STORE = 20;
const UPSTREAM = {
  connectTimeoutMs: 5000,
  headTimeoutMs: 8000,
  bodyTimeoutMs: 8000,
  acceptSelfSigned: false,
};

export async function fuzzOrigins(plan: FuzzPlan): Promise<FuzzResult> {
  const scripts = new Map<string, Scripted>();
  const pair = await startEnginePair({ policy: 'override', upstream: UPSTREAM }, scripts);
  const clients = Array.from({ length: BATCH }, () => clientsOf(pair));
  const failures: Failure[] = [];
  let runs = 0;
  let heldEarly = 0;
  for (let batch = 0; runs < plan.runs && failures.length < plan.maxFailures; batch += 1) {
    const numRuns = Math.min(BATCH, plan.runs - runs);
    const inputs = fc.sample(originInput, { seed: plan.seed + batch, numRuns });
    for (const { target, scripted } of inputs) scripts.set(target, scripted);
    const whys = await Promise.all(inputs.map((input, lane) => tryInput(input, clients[lane])));
    for (const [index, why] of whys.entries()) {
      const input = inputs[index];
      if (why === null || input === undefined || failures.length >= plan.maxFailures) continue;
      failures.push(failureOf(why, input.scripted));
    }
    runs += inputs.length;
    scripts.clear();
    for (const { origin, engine } of pair.both) {
      forget(origin);
      if (batch % BATCHES_A_STORE === 0) await engine.clear();
    }
    if (heldEarly === 0 && runs >= plan.runs / 4) heldEarly = await heldBytes(pair);
  }
  const grownBytes = (await heldBytes(pair)) - heldEarly;
  for (const lane of clients) for (const client of lane) client.close();
  await pair.close();
  return { runs, failures, fast: 0, grownBytes };
}

/** With nothing stored, and what nobody holds collected. */
async function heldBytes(pair: EnginePair): Promise<number> {
  await pair.clear();
  return heldByProcess();
}

/** Lets an origin answer once again what failed once. */
export async function replayOrigins(inputs: readonly Scripted[]): Promise<readonly Failure[]> {
  const scripts = new Map<string, Scripted>();
  const pair = await startEnginePair({ policy: 'override', upstream: UPSTREAM }, scripts);
  const clients = clientsOf(pair);
  const failures: Failure[] = [];
  for (const [index, scripted] of inputs.entries()) {
    const target = `/o${index}`;
    scripts.set(target, scripted);
    const why = await tryInput({ target, scripted }, clients);
    if (why !== null) failures.push(failureOf(why, scripted));
  }
  for (const client of clients) client.close();
  await pair.close();
  return failures;
}

type Clients = readonly [FuzzClient, FuzzClient];

function clientsOf({ both: [fast, slow] }: EnginePair): Clients {
  return [createFuzzClient(fast.port, true), createFuzzClient(slow.port, true)];
}

async function tryInput(input: OriginInput, clients: Clients | undefined): Promise<string | null> {
  if (clients === undefined) return null;
  const { target, scripted } = input;
  const reading = readingOf(scripted);
  for (const time of ['first', 'second']) {
    const [asked, one, other] = await askBoth(target, clients);
    for (const had of [one, other]) {
      const wrong = judgeAnswer(reading, asked, had);
      if (wrong !== null) return `asked for the ${time} time: ${wrong}`;
    }
    // Where it ends, and whether more comes, is a matter of the moment for all others.
    const isCalm = reading.kind === 'whole' && !reading.hasMore && scripted.after === 'keep';
    const different = isCalm ? disagreement(asked, one, other) : null;
    if (different !== null) return `asked for the ${time} time: ${different}`;
  }
  return askNext(target, clients);
}

const TRIES = 4;

/** What an origin sends unasked may end the connection that somebody else's request has just gone out on: an error, not its answer. */
async function askNext(target: string, clients: Clients): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    const [asked, one, other] = await askBoth(`/clean${target}/s200.len.b50.${attempt}`, clients);
    const isDisturbed = [one, other].some(
      ({ responses: [answer] }) => answer !== undefined && isOwnError(answer.fields),
    );
    if (isDisturbed && attempt < TRIES) continue;
    const wrong = judge(asked, one) ?? judge(asked, other);
    return wrong === null ? null : `the next request: ${wrong}`;
  }
}

async function askBoth(
  target: string,
  [fast, slow]: Clients,
): Promise<readonly [RequestsRead, Conversation, Conversation]> {
  const bytes = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const asked = readRequests(bytes);
  const input = { prime: [], bytes, cuts: [] };
  const [one, other] = await Promise.all([fast.ask(input, asked), slow.ask(input, asked)]);
  return [asked, one, other];
}

function judgeAnswer(reading: Reading, { requests }: RequestsRead, had: Conversation): string | null {
  if (had.end === 'stuck') return `no end: ${had.problem ?? 'nothing comes'}`;
  if (had.problem !== null) return `not HTTP: ${had.problem}`;
  const [response] = had.responses;
  if (had.responses.length > requests.length) return 'more responses than requests';
  if (response === undefined) return isSound(reading) ? 'nothing came' : null;
  return judgeResponse(reading, response);
}

function judgeResponse(reading: Reading, response: StrictResponse): string | null {
  if (answeredTarget(response) !== null) return 'it is what another asked for';
  if (isOwnError(response.fields)) {
    return isSound(reading) ? `${response.status} for what is sound: ${response.body.trim()}` : null;
  }
  if (reading.kind === 'cut')
    return `what breaks off came as whole: ${response.status} ${literal(response.body)}`;
  if (reading.kind !== 'whole') return null;
  const { status, body } = reading.response;
  if (status !== response.status) return `${response.status} in place of ${status}`;
  return body === response.body ? null : `another body: ${literal(response.body.slice(0, 200))}`;
}

function isOwnError(fields: readonly string[]): boolean {
  return valuesOf(fields, 'cache-status').some((value) => value.includes('detail=origin'));
}

/** Nothing about it, or after it, that a cache may refuse. */
function isSound(reading: Reading): boolean {
  if (reading.kind !== 'whole' || reading.hasMore) return false;
  return reading.response.status >= 200 && reading.response.status < 600;
}

function failureOf(why: string, scripted: Scripted): Failure {
  const shown = `{ after: '${scripted.after}', bytes: ${literal(scripted.bytes)} }`;
  return { why, shown, kept: { kind: 'response', ...scripted } };
}
