/** The figures of Insights as main last told them, asked for once a second while someone looks. Free of React. */
import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { InsightSpan, InsightsReport } from '../../shared/insights';
import type { IpcResult } from '../../shared/ipc-contract';

export interface InsightsState {
  readonly span: InsightSpan;
  /** Of the span; null until main has answered. */
  readonly report: InsightsReport | null;
  readonly problem: string | null;
}

type LoadReport = (request: { span: InsightSpan }) => Promise<IpcResult<InsightsReport>>;

export class InsightsFeed {
  readonly store: StoreApi<InsightsState>;
  readonly #load: LoadReport;
  #asking = false;

  constructor(span: InsightSpan, load: LoadReport) {
    this.store = createStore<InsightsState>(() => ({ span, report: null, problem: null }));
    this.#load = load;
  }

  show(span: InsightSpan): Promise<void> {
    this.store.setState({ span, report: null, problem: null });
    return this.#ask(span);
  }

  /** Asks again, unless an answer is still awaited. */
  async refresh(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    await this.#ask(this.store.getState().span);
    this.#asking = false;
  }

  async #ask(span: InsightSpan): Promise<void> {
    const answer = await this.#load({ span });
    // The person has gone on to another span meanwhile.
    if (this.store.getState().span !== span) return;
    if (answer.ok) this.store.setState({ report: answer.value, problem: null });
    else this.store.setState({ problem: answer.error.message });
  }
}
