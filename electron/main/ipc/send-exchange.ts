/** A GET through the proxy's own door, as any client would send it. */
import http from 'node:http';
import { LarderError } from '../../../shared/error-codes';

/** Endless answers are let go after this long. */
const LONGEST_MS = 60_000;

/** @returns the status of the answer; the body is read and dropped */
export function sendExchange(proxyUrl: string, target: string): Promise<{ status: number }> {
  const { hostname, port } = new URL(proxyUrl);
  return new Promise((resolve, reject) => {
    const request = http.get({
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: asciiTarget(target),
      headers: { accept: '*/*' },
      agent: false,
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    request.once('response', (response) => {
      response.on('error', () => response.destroy());
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    request.on('error', (cause) => {
      reject(new LarderError('not_running', `The proxy did not answer on ${proxyUrl}`, { cause }));
    });
  });
}

/** What a person typed, with everything that may not stand in a request line percent-encoded. */
export function asciiTarget(target: string): string {
  return target.replace(/[^\x21-\x7e]+/gu, (characters) =>
    [...Buffer.from(characters)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
