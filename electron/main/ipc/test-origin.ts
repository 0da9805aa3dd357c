/** Asks an origin once and says in words how it answered, or exactly why it did not. */
import http from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import type { OriginTest } from '../../../shared/ipc/settings-channels';
import { originProblem } from '../../../shared/settings';

const TIMEOUT_MS = 5000;

export interface OriginTestRequest {
  readonly origin: string;
  readonly acceptSelfSigned: boolean;
}

export async function testOrigin({ origin, acceptSelfSigned }: OriginTestRequest): Promise<OriginTest> {
  const problem = originProblem(origin.trim());
  if (problem !== null) return { ok: false, message: `The origin ${problem}` };
  const url = new URL(origin.trim());
  try {
    return { ok: true, message: await ask(url, acceptSelfSigned) };
  } catch (error) {
    return { ok: false, message: reasonOf(error, url) };
  }
}

function ask(url: URL, acceptSelfSigned: boolean): Promise<string> {
  const started = performance.now();
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = client.get(url, {
      agent: false,
      headers: { accept: '*/*', 'user-agent': 'larder' },
      rejectUnauthorized: !acceptSelfSigned,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const elapsed = Math.round(performance.now() - started);
      const protocol = `HTTP/${response.httpVersion}${tlsOf(response.socket)}`;
      resolve(`Answered ${response.statusCode ?? 0} in ${elapsed} ms (${protocol})`);
      response.once('error', () => response.destroy());
      response.destroy();
    });
  });
}

function tlsOf(socket: unknown): string {
  if (!(socket instanceof TLSSocket)) return '';
  return `, ${(socket.getProtocol() ?? 'TLS').replace('TLSv', 'TLS ')}`;
}

function reasonOf(error: unknown, url: URL): string {
  const code = codeOf(error);
  const host = url.hostname;
  switch (code) {
    case 'ECONNREFUSED':
      return `Refused: nothing listens on ${url.host}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} cannot be found`;
    case 'ABORT_ERR':
    case 'ETIMEDOUT':
      return `No answer from ${url.host} within ${TIMEOUT_MS / 1000} s`;
    case 'ECONNRESET':
      return `${url.host} closed the connection before it answered`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${host}`;
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${url.host} does not speak TLS; is it http:// rather than https://?`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `The certificate of ${host} is self-signed; allow self-signed certificates to use it`;
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${host} has expired`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${url.host} is for another name`;
    default:
      return otherReason(code, url);
  }
}

function otherReason(code: string, url: URL): string {
  if (/CERT|SIGNATURE|VERIFY/.test(code))
    return `The certificate of ${url.hostname} is not trusted (${code})`;
  if (code.startsWith('HPE_')) return `${url.host} answered with something that is not HTTP (${code})`;
  return `Cannot be reached (${code})`;
}

/** Where several addresses were tried, the first failure speaks for all. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return 'unknown reason';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'ABORT_ERR';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
