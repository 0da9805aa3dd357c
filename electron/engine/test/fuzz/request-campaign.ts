/**
 * Runs inputs against two engines, many at a time on connections that are kept, and judges each. What fails in company
 * is asked once more alone, so that what is told can be repeated.
 */
import type { Settings } from '../../../../shared/settings';
import { waitUntil } from '../engine-under-test';
import { startEnginePair, type EnginePair } from './engine-pair';
import { createFuzzClient, type Conversation, type FuzzClient } from './fuzz-client';
import type { FuzzInput } from './fuzz-input';
import { disagreement, judge } from './judge';
import { readRequests, type RequestsRead } from './strict-requests';
import { upstreamDisagreement, UpstreamLedger } from './upstream-ledger';

export interface Finding {
  readonly input: FuzzInput;
  readonly why: string;
}

/** Where nothing is wrong with either way in on its own. It may be company that makes them differ. */
const DIFFERENT = 'the ways in differ: ';

type Clients = readonly [FuzzClient, FuzzClient];

export async function startRequestCampaign(settings: Partial<Settings>): Promise<RequestCampaign> {
  return new RequestCampaign(await startEnginePair(settings));
}

export class RequestCampaign {
  readonly #pair: EnginePair;
  readonly #ledgers: readonly [UpstreamLedger, UpstreamLedger];
  readonly #primed = new Set<string>();
  #lanes: Clients[] = [];
  #exchanges = 0;

  constructor(pair: EnginePair) {
    this.#pair = pair;
    const [fast, slow] = pair.both;
    this.#ledgers = [new UpstreamLedger(fast.origin), new UpstreamLedger(slow.origin)];
    for (const { engine } of pair.both) {
      engine.subscribe((event) => {
        if (event.kind === 'exchange') this.#exchanges += 1;
      });
    }
  }

  /** @returns what failed; empty: nothing. */
  async run(inputs: readonly FuzzInput[]): Promise<readonly Finding[]> {
    const { findings, why } = await this.#runTogether(inputs);
    if (findings.length === 0 && why === null) return [];
    const suspects = why === null ? findings.map(({ input }) => input) : inputs;
    const alone: Finding[] = [];
    for (const input of suspects) {
      const reason = await this.runAlone(input);
      if (reason !== null) alone.push({ input, why: reason });
    }
    if (alone.length > 0) return alone;
    const ofAll = why === null || inputs[0] === undefined ? [] : [{ input: inputs[0], why }];
    return [...findings, ...ofAll]
      .filter((finding) => !finding.why.startsWith(DIFFERENT))
      .map((finding) => ({ ...finding, why: `only in company of ${inputs.length - 1}: ${finding.why}` }));
  }

  /** One input on engines that hold nothing. @returns why it fails, or null. */
  async runAlone(input: FuzzInput): Promise<string | null> {
    await this.clear();
    this.#leave();
    const { findings, why } = await this.#runTogether([input]);
    return findings[0]?.why ?? why;
  }

  /** Nothing is stored any more. */
  async clear(): Promise<void> {
    this.#primed.clear();
    for (const ledger of this.#ledgers) ledger.age();
    for (const { engine } of this.#pair.both) await engine.clear();
  }

  /** Hits answered on the fast path. */
  fastHits(): number {
    return this.#pair.both[0].engine.status().counters.fastHits;
  }

  /** Ends when no connection is held any more. */
  async close(): Promise<void> {
    this.#leave();
    await this.#pair.close();
  }

  #leave(): void {
    for (const lane of this.#lanes) for (const client of lane) client.close();
    this.#lanes = [];
  }

  async #runTogether(
    inputs: readonly FuzzInput[],
  ): Promise<{ readonly findings: readonly Finding[]; readonly why: string | null }> {
    const wrong = await this.#prime(inputs);
    if (wrong !== null) return { findings: [], why: wrong };
    const all = inputs.map((input) => readRequests(input.bytes));
    for (const ledger of this.#ledgers) for (const asked of all) ledger.ask(asked);
    const whys = await Promise.all(
      inputs.map((input, index) => this.#ask(input, all[index] ?? readRequests(''), this.#lane(index))),
    );
    const findings = inputs.flatMap((input, index) => {
      const why = whys[index] ?? null;
      return why === null ? [] : [{ input, why }];
    });
    return { findings, why: this.#upstreamProblem(all) };
  }

  #upstreamProblem(all: readonly RequestsRead[]): string | null {
    const [fast, slow] = this.#pair.both;
    const different = upstreamDisagreement(all, fast.origin.requests, slow.origin.requests);
    const [one, other] = this.#ledgers.map((ledger) => ledger.check());
    return one ?? other ?? (different === null ? null : `${DIFFERENT}${different}`);
  }

  #lane(index: number): Clients {
    const [fast, slow] = this.#pair.both;
    const keeps = index % 4 === 3;
    return (this.#lanes[index] ??= [createFuzzClient(fast.port, keeps), createFuzzClient(slow.port, keeps)]);
  }

  async #ask(input: FuzzInput, asked: RequestsRead, [fast, slow]: Clients): Promise<string | null> {
    const [one, other] = await Promise.all([fast.ask(input, asked), slow.ask(input, asked)]);
    const wrong = judge(asked, one);
    if (wrong !== null) return `fast way: ${wrong}`;
    const alsoWrong = judge(asked, other);
    if (alsoWrong !== null) return `node:http: ${alsoWrong}`;
    const different = disagreement(asked, one, other);
    return different === null ? null : `${DIFFERENT}${different}`;
  }

  /** Asks for what the inputs want stored, once, and waits until it is. @returns what went wrong, or null. */
  async #prime(inputs: readonly FuzzInput[]): Promise<string | null> {
    const targets = [...new Set(inputs.flatMap(({ prime }) => prime))].filter(
      (target) => !this.#primed.has(target),
    );
    if (targets.length === 0) return null;
    const before = this.#exchanges;
    const prime = async (target: string, index: number): Promise<string | null> => {
      this.#primed.add(target);
      const bytes = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const asked = readRequests(bytes);
      for (const ledger of this.#ledgers) ledger.ask(asked);
      const [fast, slow] = this.#lane(index);
      const ask = (client: FuzzClient): Promise<Conversation> =>
        client.ask({ prime: [], bytes, cuts: [] }, asked);
      const had = await Promise.all([ask(fast), ask(slow)]);
      return judge(asked, had[0]) ?? judge(asked, had[1]);
    };
    const whys = await Promise.all(targets.map(prime));
    const at = whys.findIndex((why) => why !== null);
    if (at >= 0) return `GET ${targets[at] ?? ''} beforehand: ${whys[at] ?? ''}`;
    await waitUntil(() => this.#exchanges >= before + 2 * targets.length);
    for (const ledger of this.#ledgers) ledger.check();
    return null;
  }
}
