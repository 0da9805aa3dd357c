// One request that is checked: the status, every byte of the body, and how long it took.
import { request as httpRequest } from 'node:http';
import { answerTo } from './answers.mjs';

/** Longer than a client may wait, so that it is seen how late an answer was. */
const GIVE_UP_MS = 15_000;
/** A client that waited longer has failed. */
const TOO_LATE_MS = 2000;

/** `ms`: until the last byte. `failure`: what the client saw go wrong; null where all is well.
 *  @typedef {{ ms: number, hit: boolean, failure: string | null }} Answer */

/** @param {string} base
 *  @param {string} target
 *  @param {import('node:http').Agent} agent
 *  @returns {Promise<Answer>} */
export function ask(base, target, agent) {
  const started = performance.now();
  return new Promise((resolve) => {
    /** @param {string | null} failure
     *  @param {boolean} hit */
    const done = (failure, hit) => {
      const ms = performance.now() - started;
      const late = ms > TOO_LATE_MS ? `${target} took ${Math.round(ms)} ms` : null;
      resolve({ ms, hit, failure: failure ?? late });
    };
    const sent = httpRequest(`${base}${target}`, { agent, timeout: GIVE_UP_MS }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
      response.on('error', (error) => done(`${target} broke off: ${error.message}`, false));
      response.on('end', () => {
        const hit = response.headers['x-cache'] === 'HIT';
        const body = Buffer.concat(chunks);
        done(problemOf(target, response.statusCode, body) ?? ageProblem(target, response.headers.age), hit);
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${GIVE_UP_MS / 1000} s`)));
    sent.on('error', (error) => done(`${target} failed: ${error.message}`, false));
    sent.end();
  });
}

/** @param {string} target
 *  @param {number | undefined} status
 *  @param {Buffer} body */
function problemOf(target, status, body) {
  if (status !== 200) return `${target} was answered with ${status}: ${body.toString('latin1', 0, 200)}`;
  const expected = answerTo(target)?.body;
  if (expected?.equals(body) === true) return null;
  return `${target} came with a wrong body: ${body.byteLength} bytes of ${expected?.byteLength}`;
}

/** @param {string} target
 *  @param {string | undefined} age */
function ageProblem(target, age) {
  return age === undefined || /^\d+$/.test(age) ? null : `${target} came with the age ${age}`;
}
