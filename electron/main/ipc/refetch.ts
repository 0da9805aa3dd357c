/**
 * Asks the origin anew for stored responses: the request they were stored for, through the proxy's own door, with
 * `Cache-Control: no-cache`, so that it is logged and stored as any other.
 */
import { LarderError } from '../../../shared/error-codes';
import type { ExchangeSummary, FieldLines } from '../../../shared/exchange-summary';
import type { Refetched } from '../../../shared/ipc/cache-channels';
import type { StoredEntry } from '../../../shared/stored-entry';
import type { LarderEngine } from '../../engine/larder-engine';
import { sendExchange } from './send-exchange';

/** Requests under way at once: a selection of many must not look like an attack to the origin. */
const AT_ONCE = 4;

const FOR_ONE_USER =
  'It belongs to one user, whose credentials Larder does not keep. Send the request again from your app.';
const GONE = 'It is no longer stored.';
const ORIGIN_FAILED = 'The origin did not give a new answer; what is stored stays as it was.';

type RefetchingEngine = Pick<LarderEngine, 'entry' | 'status' | 'expectExchange' | 'exchangeDetails'>;

/** @throws LarderError `not_running` where the proxy does not listen */
export async function refetch(engine: RefetchingEngine, ids: readonly string[]): Promise<Refetched> {
  const problems = new Map<string, string[]>();
  const waiting = [...ids];
  let refetched = 0;
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const entry = await engine.entry(id);
      const problem = entry === null ? GONE : await problemWith(engine, entry);
      if (problem === null) refetched += 1;
      else problems.set(problem, [...(problems.get(problem) ?? []), entry?.url ?? id]);
    }
  };
  proxyUrl(engine);
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { refetched, problems: [...problems].map(([reason, urls]) => ({ reason, urls })) };
}

/** Null: it was asked for anew and answered. */
async function problemWith(engine: RefetchingEngine, entry: StoredEntry): Promise<string | null> {
  if (entry.forOneUser) return FOR_ONE_USER;
  const base = engine.status().origin.replace(/\/$/, '');
  if (!entry.url.startsWith(`${base}/`))
    return `It is of another origin than ${base}, which Larder asks now.`;
  const target = entry.url.slice(base.length);
  const fields: FieldLines = [['Cache-Control', 'no-cache'], ...varyingFields(entry)];
  const method = entry.method === 'HEAD' ? 'HEAD' : 'GET';
  try {
    const sent = await sendExchange(proxyUrl(engine), { method, target, fields, body: '' }, { engine });
    const exchange = sent.exchangeId === null ? null : engine.exchangeDetails(sent.exchangeId);
    return originFailed(sent.status, exchange?.summary ?? null) ? ORIGIN_FAILED : null;
  } catch (error) {
    if (error instanceof LarderError) return `${error.message}.`;
    throw error;
  }
}

/** With an error, or by having Larder answer with what is stored. */
function originFailed(status: number, exchange: ExchangeSummary | null): boolean {
  return status >= 500 || exchange?.outcome === 'ERROR' || exchange?.reason === 'stale-if-error';
}

/** What the response was chosen by, without what the request did not have. */
function varyingFields({ vary }: StoredEntry): FieldLines {
  return vary.filter(([name, value]) => value !== '' && name !== 'cache-control');
}

function proxyUrl(engine: RefetchingEngine): string {
  const { listen } = engine.status();
  if (listen.kind === 'listening') return listen.url;
  throw new LarderError('not_running', 'The proxy is not running; start it to ask the origin anew');
}
