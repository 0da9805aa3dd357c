/**
 * The fields sent upstream: the client's end-to-end ones in their order, with
 * Host set to the origin's and what a gateway adds. Forwarding fields that the
 * client sent are replaced: they would change answers and are not in the key.
 */
import { DEBUG_FIELD } from '../http/client-request';
import { filterFields, type RawFields } from '../http/raw-fields';
import { hopByHopNames } from '../semantics/hop-by-hop';

const REPLACED = new Set([
  'host',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-prefix',
  'x-forwarded-ssl',
  'x-real-ip',
  DEBUG_FIELD,
]);

export interface ForwardingFacts {
  /** The origin's authority. */
  readonly originHost: string;
  readonly clientAddress: string;
  readonly clientHost: string;
  readonly httpVersion: string;
}

export function upstreamFields(received: RawFields, facts: ForwardingFacts): string[] {
  const dropped = hopByHopNames(received);
  const kept = filterFields(received, (name) => !dropped.has(name) && !REPLACED.has(name));
  return [
    'Host',
    facts.originHost,
    ...kept,
    'Via',
    `${facts.httpVersion} larder`,
    'X-Forwarded-For',
    facts.clientAddress,
    'X-Forwarded-Proto',
    'http',
    ...(facts.clientHost === '' ? [] : ['X-Forwarded-Host', facts.clientHost]),
  ];
}
