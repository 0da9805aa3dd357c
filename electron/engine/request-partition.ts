/** What keeps the responses to a request apart from others under the same key, with the settings of the moment. */
import type { EngineConfig } from './engine-config';
import type { ClientRequest } from './http/client-request';
import { hostName, isLoopbackName } from './http/endpoint-guard';
import { partitionOf } from './semantics/cache-key';

export function partitionFor(
  { fields, host }: Pick<ClientRequest, 'fields' | 'host'>,
  { settings, store }: EngineConfig,
): string {
  return partitionOf({
    fields,
    policy: settings.policy,
    cookiePatterns: settings.credentialCookies,
    secret: store.keySecret(),
    forwardedHost: foreignHost(host),
  });
}

/** The Host where it is not the loopback's: the origin hears it, so it keeps responses apart. */
function foreignHost(host: string): string | null {
  return host === '' || isLoopbackName(hostName(host)) ? null : host.toLowerCase();
}
