/** What is printed once when the proxy listens; scripts wait for it, so its form is fixed. */
import type { EngineStatus } from './engine-status';

type ReadyStatus = Pick<EngineStatus, 'listen' | 'origin' | 'ttlSeconds'> & {
  readonly store: Pick<EngineStatus['store'], 'kind'>;
};

function urlOf({ listen }: ReadyStatus): string {
  return listen.kind === 'listening' ? listen.url : '';
}

/** `larder: listening on http://127.0.0.1:3000 -> https://api.example.com (store memory, ttl 300 s)` */
export function readyLine(status: ReadyStatus): string {
  const ttl = status.ttlSeconds === null ? 'ttl from origin' : `ttl ${status.ttlSeconds} s`;
  return `larder: listening on ${urlOf(status)} -> ${status.origin} (store ${status.store.kind}, ${ttl})`;
}

/** The same as one line of JSON, for `--json`; `ttl` is null where only the origin's word counts. */
export function readyJson(status: ReadyStatus): string {
  return JSON.stringify({
    type: 'listening',
    url: urlOf(status),
    origin: status.origin,
    store: status.store.kind,
    ttl: status.ttlSeconds,
  });
}

/** What to say of the demo API after the ready line; null where a real origin is configured.
 *  @param asked the demo was asked for by flag; else there is no origin, and that is said */
export function demoHint(status: ReadyStatus & Pick<EngineStatus, 'demo'>, asked: boolean): string | null {
  if (!status.demo) return null;
  const why = asked ? '' : 'no origin is configured (--origin URL), so ';
  return `${why}the built-in demo API answers; try: curl -i ${urlOf(status)}/products`;
}
