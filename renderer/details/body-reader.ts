/** The window's side of the body's worker: one for all bodies, made when the first is shown. */
import type { BodyAnswer, BodyQuestion, ReadBody, SearchPlace } from './body-messages';
import type { TextBody } from './body-text';

type Told = Exclude<BodyAnswer, { kind: 'failed' }>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Waiting {
  readonly resolve: (answer: Told) => void;
  readonly reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | null = null;
let lastId = 0;
/** The newest body that was given to the worker. */
let lastBody = 0;

export interface BodyReader {
  readonly body: ReadBody;
  /** Where a text is found; nothing once another body was read. */
  find(query: string, where: SearchPlace): Promise<Int32Array<ArrayBuffer>>;
  /** Lets go of what the worker keeps for searching. */
  dispose(): void;
}

/** @param json its values are wanted, to be shown as a tree. Rejects with what went wrong, such as too little memory. */
export async function readBody(text: TextBody, json: boolean): Promise<BodyReader> {
  const asked = ask({ kind: 'read', text, json });
  const mine = lastId;
  lastBody = mine;
  const answer = await asked;
  if (answer.kind !== 'read') throw new Error('The worker answered something else');
  return {
    body: answer.body,
    find: async (query, where) => {
      if (lastBody !== mine) return new Int32Array(0);
      const found = await ask({ kind: 'find', query, where });
      return found.kind === 'found' ? found.found : new Int32Array(0);
    },
    dispose: () => {
      if (lastBody === mine) worker?.postMessage({ kind: 'forget', id: mine } satisfies BodyQuestion, []);
    },
  };
}

function ask(question: Unnumbered<BodyQuestion>): Promise<Told> {
  lastId += 1;
  const id = lastId;
  worker ??= startWorker();
  const started = worker;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    started.postMessage({ ...question, id }, []);
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL('body-worker.ts', import.meta.url), { type: 'module', name: 'body' });
  started.addEventListener('message', ({ data }: MessageEvent<BodyAnswer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'failed') asked?.reject(new Error(data.message));
    else asked?.resolve(data);
  });
  started.addEventListener('error', (event) => {
    started.terminate();
    if (worker === started) worker = null;
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'The worker ended'));
    waiting.clear();
  });
  return started;
}
