/**
 * Keeps Larder's own endpoints from web pages: they answer only to a loopback
 * or allowed Host (no DNS rebinding), and never to a page of another origin.
 */
import { isIPv4 } from 'node:net';
import { LarderError } from '../../../shared/error-codes';
import type { ClientRequest } from './client-request';
import { fieldLines } from './raw-fields';

/** @returns why the request is refused; null where it may go on. */
export function endpointProblem(request: ClientRequest, allowedHosts: readonly string[]): LarderError | null {
  if (!isAllowedHost(request.host, allowedHosts)) {
    return new LarderError(
      'forbidden',
      `Larder's endpoints do not answer under the host ${JSON.stringify(request.host)}; use localhost, or add the name to allowedHosts`,
    );
  }
  const own = `http://${request.host}`.toLowerCase();
  if (fieldLines(request.fields, 'origin').some((origin) => origin.toLowerCase() !== own)) {
    return new LarderError('forbidden', "Larder's endpoints do not answer to web pages of another origin");
  }
  const sites = fieldLines(request.fields, 'sec-fetch-site');
  if (sites.some((site) => site !== 'none' && site !== 'same-origin')) {
    return new LarderError('forbidden', "Larder's endpoints do not answer to web pages of another site");
  }
  return null;
}

export function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  const name = hostName(host);
  return isLoopbackName(name) || allowedHosts.some((allowed) => allowed.toLowerCase() === name);
}

export function isLoopbackName(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    (isIPv4(name) && name.startsWith('127.'))
  );
}

/** The host without its port, in lower case. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '');
}
