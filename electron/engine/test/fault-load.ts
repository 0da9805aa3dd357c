/**
 * Clients that ask without pause while something fails behind the engine, each for itself: mostly what is hot,
 * and now and then what nobody asked before. Every answer is checked, byte for byte.
 */
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { send, type ClientAnswer } from './client';
import { waitUntil } from './engine-under-test';
import type { Answer } from './recording-origin';

const CLIENTS = 8;
const HOT_TARGETS = 24;
const NEW_EVERY = 5;
const SMALL_BYTES = 600;
const LARGE_BYTES = 30_000;
/** Who waited longer was failed. */
const TOO_LATE_MS = 2000;

export interface FaultLoad {
  answered(): number;
  /** What a client saw go wrong: an error, a wrong status, a wrong byte, more than two seconds. */
  readonly problems: string[];
  /** All fields of all answers, for whoever looks for secrets. */
  readonly fields: Set<string>;
  /** Until so many more were answered. */
  more(answers: number): Promise<void>;
  /** Until what is hot, asked from now on, is a hit. */
  hitAgain(): Promise<void>;
  /** Until what nobody asked before this is stored. */
  storesAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** What the origin has under a target: every target differs from every other in nearly every byte. */
export function bodyFor(target: string): Buffer {
  const bytes = target.endsWith('7') ? LARGE_BYTES : SMALL_BYTES;
  const noise = createHash('shake256', { outputLength: bytes }).update(target).digest();
  return target.endsWith('8') ? Buffer.from(noise.toString('hex')) : noise;
}

/** For the recording origin. */
export const answerWithBody: Answer = (request, response) => {
  const body = bodyFor(request.url ?? '');
  const type = request.url?.endsWith('8') === true ? 'text/plain' : 'image/png';
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.byteLength });
  response.end(body);
};

/** Null: as it must be. */
export function problemWith(target: string, { status, body, text }: ClientAnswer): string | null {
  if (status !== 200) return `${target}: ${status} ${text.slice(0, 200)}`;
  return body.equals(bodyFor(target)) ? null : `${target}: ${body.byteLength} wrong bytes`;
}

/** Runs until it is stopped. */
export function startFaultLoad(port: number): FaultLoad {
  const agent = new Agent({ keepAlive: true });
  const problems: string[] = [];
  const fields = new Set<string>();
  const over = new AbortController();
  let asked = 0;
  let answered = 0;
  let hits = 0;

  const ask = async (target: string): Promise<boolean> => {
    const started = performance.now();
    const answer = await send(port, target, { agent });
    const ms = Math.round(performance.now() - started);
    const problem = problemWith(target, answer) ?? (ms > TOO_LATE_MS ? `${target}: ${ms} ms` : null);
    if (problem !== null) problems.push(problem);
    for (const field of answer.rawHeaders) if (!/^\d/.test(field)) fields.add(field);
    return answer.headers['x-cache'] === 'HIT';
  };
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      asked += 1;
      const isNew = asked % NEW_EVERY === 0;
      const target = isNew ? `/new/${asked}` : `/hot/${asked % HOT_TARGETS}`;
      const hit = await ask(target).catch((error: unknown) => {
        problems.push(`${target}: ${String(error)}`);
        return false;
      });
      answered += 1;
      if (hit && !isNew) hits += 1;
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);

  const more = (answers: number): Promise<void> => {
    const goal = answered + answers;
    return waitUntil(() => answered >= goal);
  };
  return {
    answered: () => answered,
    problems,
    fields,
    more,
    hitAgain: async () => {
      // What is under way now was asked before.
      await more(CLIENTS);
      const before = hits;
      await waitUntil(() => hits > before);
    },
    storesAgain: async () => {
      let number = 0;
      await waitUntil(async () => {
        const target = `/stores/${(number += 1)}`;
        await ask(target);
        return ask(target);
      });
    },
    stop: async () => {
      over.abort();
      await Promise.all(clients);
      agent.destroy();
    },
  };
}
