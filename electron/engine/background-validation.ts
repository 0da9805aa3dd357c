/** Validations without a client waiting (RFC 5861 §3): one at a time per stored response, a bounded number in all. */
import type { FillsInFlight, InFlight } from './collapse/fills-in-flight';
import { shareKeyOf } from './collapse/sharing';
import type { Exchange } from './exchange';
import type { FillStep, OriginAsker } from './fill-step';
import { filterFields } from './http/raw-fields';
import type { Asking } from './semantics/cache-decision';
import type { StoredResponse } from './semantics/stored-response';

/** Further ones are left out: the next request within the window starts its own. */
const MAX_RUNNING = 64;

/** What made the client's request particular; the validation is for everybody. */
const CLIENTS_OWN = new Set([
  'range',
  'if-range',
  'if-none-match',
  'if-modified-since',
  'cache-control',
  'pragma',
]);

export class BackgroundValidations {
  readonly #fills: FillStep;
  readonly #inFlight: FillsInFlight;
  readonly #running = new Set<string>();

  constructor(fills: FillStep, inFlight: FillsInFlight) {
    this.#fills = fills;
    this.#inFlight = inFlight;
  }

  /** Goes on when the client leaves. */
  start(exchange: Exchange, stored: StoredResponse, decision: Asking): void {
    if (this.#running.has(stored.id) || this.#running.size >= MAX_RUNNING) return;
    const asker = backgroundAsker(exchange, stored);
    // Of variants, each is asked about by itself.
    const variant = stored.vary.length === 0 ? null : stored.id;
    const shareKey = stored.partial === null ? shareKeyOf(asker, variant) : null;
    if (shareKey !== null && this.#inFlight.find(shareKey) !== undefined) return;
    const release = exchange.holdConfig();
    this.#running.add(stored.id);
    const inFlight = this.#fills.start(asker, { decision, completion: null }, shareKey);
    void untilEnded(inFlight).then(() => {
      this.#running.delete(stored.id);
      release();
    });
  }
}

/** A body that is stored flows without a reader; any other is not wanted. */
async function untilEnded({ fill, outcome, stored }: InFlight): Promise<void> {
  const leave = fill.join();
  const settled = await outcome;
  if (settled.kind === 'response' && settled.storing === null) fill.abandonIfUnread();
  await stored;
  leave();
}

/** A part is validated by the range that was asked for. */
function backgroundAsker({ config, request, key, partition }: Exchange, stored: StoredResponse): OriginAsker {
  const fields = filterFields(
    request.fields,
    (name) => !CLIENTS_OWN.has(name) || (name === 'range' && stored.partial !== null),
  );
  return {
    config,
    request: { ...request, method: stored.method, fields },
    key,
    partition,
    clientLeft: false,
    body: null,
    onInterim: () => {},
  };
}
