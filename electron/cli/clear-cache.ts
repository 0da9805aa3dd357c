/** `--clear-cache`: asks the Larder that runs on this machine, with a window or without, to clear its store. */
import { request } from 'node:http';
import { z } from 'zod';
import { formatPlural } from '../../shared/format';

const PATIENCE_MS = 15_000;
const MOST_ANSWER_BYTES = 64 * 1024;

const clearedSchema = z.object({ cleared: z.number().int().min(0) });
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export type ClearOutcome =
  | { readonly kind: 'cleared'; readonly cleared: number }
  /** In words, and what to do. */
  | { readonly kind: 'failed'; readonly message: string };

interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Where an instance that listens on `host` can be reached from here. */
function addressesOf(host: string | null): readonly string[] {
  if (host === null || host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '0.0.0.0') return ['127.0.0.1'];
  return host === '::' ? ['::1', '127.0.0.1'] : [host];
}

function postClear(address: string, port: number): Promise<Answer> {
  // The name it trusts for its own endpoints, whatever the address.
  const headers = { Host: `localhost:${port}`, Accept: 'application/json', 'Content-Length': '0' };
  const options = {
    host: address,
    port,
    method: 'POST',
    path: '/cache/clear',
    headers,
    agent: false as const,
  };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, signal: AbortSignal.timeout(PATIENCE_MS) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MOST_ANSWER_BYTES) response.destroy(new Error('answer too long'));
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, fields: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: not Larder's answer.
    return undefined;
  }
}

function judge({ status, fields, body }: Answer, port: number): ClearOutcome {
  const content = parseJson(body);
  const cleared = clearedSchema.safeParse(content);
  if (status === 200 && cleared.success) return { kind: 'cleared', cleared: cleared.data.cleared };
  const refused = errorSchema.safeParse(content);
  if (refused.success && String(fields['cache-status'] ?? '').includes('larder')) {
    return {
      kind: 'failed',
      message: `Larder on port ${port} could not clear its cache: ${refused.data.error.message}`,
    };
  }
  const message = `port ${port} answers, but not as Larder does (status ${status}); --port picks another`;
  return { kind: 'failed', message };
}

function wordsFor(error: unknown, port: number): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED')
    return `no Larder is running on port ${port}: nothing listens there; --port picks another`;
  if (name === 'TimeoutError' || code === 'ABORT_ERR')
    return `port ${port} did not answer within ${PATIENCE_MS / 1000} s`;
  return `port ${port} answers, but not as Larder does (${code ?? message}); --port picks another`;
}

/** Clears the cache of the instance on `port`.
 *  @param host where it was told to listen; null: loopback */
export async function clearRunning(port: number, host: string | null): Promise<ClearOutcome> {
  if (port === 0) {
    return { kind: 'failed', message: 'port 0 stands for any free port; say which one with --port' };
  }
  let failure: ClearOutcome = { kind: 'failed', message: '' };
  for (const address of addressesOf(host)) {
    // One after the other: the second address only counts where nothing listens on the first.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await postClear(address, port).catch((error: unknown) => error as Error);
    if (!(answer instanceof Error)) return judge(answer, port);
    const refused = (answer as NodeJS.ErrnoException).code === 'ECONNREFUSED';
    if (!refused || failure.message === '') failure = { kind: 'failed', message: wordsFor(answer, port) };
  }
  return failure;
}

export function clearedSentence(cleared: number): string {
  return `larder: cleared ${formatPlural(cleared, 'stored response')}`;
}
