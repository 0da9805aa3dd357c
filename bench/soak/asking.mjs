// Requests beside the load whose answers are looked at one by one, also where they are errors.
import { request as httpRequest } from 'node:http';

const GIVE_UP_MS = 30_000;

/** `status` 0: there was no answer, and `text` says why. `ms`: until the last byte.
 *  @typedef {{ status: number, fields: import('node:http').IncomingHttpHeaders, text: string, at: number, ms: number }} Asked */

/** @param {string} url
 *  @param {{ method?: string, agent?: import('node:http').Agent | false }} [how] without an agent: a connection of its own
 *  @returns {Promise<Asked>} */
export function askOnce(url, { method = 'GET', agent = false } = {}) {
  const at = performance.now();
  return new Promise((resolve) => {
    const failed = (/** @type {Error} */ error) =>
      resolve({ status: 0, fields: {}, text: error.message, at, ms: performance.now() - at });
    const sent = httpRequest(url, { method, agent, timeout: GIVE_UP_MS }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (piece) => (text += piece));
      response.on('error', failed);
      response.on('end', () => {
        const { statusCode: status = 0, headers: fields } = response;
        resolve({ status, fields, text, at, ms: performance.now() - at });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${GIVE_UP_MS / 1000} s`)));
    sent.on('error', failed);
    sent.end();
  });
}

/** How often each status came: `20 of 502, 1 of 200`.
 *  @param {readonly Asked[]} answers */
export function statusesOf(answers) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .map(([status, count]) => `${count} of ${status === 0 ? 'no answer' : status}`)
    .join(', ');
}
