// Larder's own endpoints as the bench uses them: the store's health looked at all the time, the events read along.
import { get as httpGet, request as httpRequest } from 'node:http';
import { setInterval } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** @typedef {{ at: number, health: string, message: string | null }} Health `at` by performance.now() */
/** `changes`: the store's health each time that it was another. `events`: exchanges told of at `/.larder/events`.
 *  @typedef {{ changes: Health[], events: () => number, end: () => void }} Watch */

/** @param {string} url
 *  @param {string[]} said where all that comes is added */
export function endpointOf(url, said) {
  return { watch: () => watch(url, said), post: (/** @type {string} */ path) => post(`${url}${path}`, said) };
}

/** @param {string} url
 *  @param {string[]} said
 *  @returns {Watch} */
function watch(url, said) {
  /** @type {Health[]} */
  const changes = [];
  const over = new AbortController();
  let events = 0;
  const look = async () => {
    for await (const _ of setInterval(LOOK_EVERY_MS, null, { signal: over.signal })) {
      const text = await get(`${url}/.larder/status`).catch(() => null);
      if (text !== null) {
        said.push(text);
        const { health, message } = JSON.parse(text).store;
        const last = changes.at(-1);
        if (health !== last?.health || message !== last?.message) {
          changes.push({ at: performance.now(), health, message });
        }
      }
    }
  };
  // Aborted when it is over.
  void look().catch(() => undefined);
  const stream = httpGet(`${url}/.larder/events`, { agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text) => {
      said.push(text);
      events += text.split('\nid: ').length - 1;
    });
    response.on('error', () => undefined);
  });
  stream.on('error', () => undefined);
  return {
    changes,
    events: () => events,
    end: () => {
      over.abort();
      stream.destroy();
    },
  };
}

/** @param {string} url
 *  @returns {Promise<string>} */
export function get(url) {
  return new Promise((resolve, reject) => {
    const sent = httpGet(url, (response) => void collect(response).then(resolve, reject));
    sent.on('error', reject);
  });
}

/** @param {string} url
 *  @param {string[]} said
 *  @returns {Promise<string>} */
function post(url, said) {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST' }, (response) => {
      collect(response).then((text) => {
        said.push(text);
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`POST ${url} was answered with ${response.statusCode}: ${text}`));
      }, reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** @param {import('node:http').IncomingMessage} response */
async function collect(response) {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}
