/** Whatever a client and an origin send, every module of semantics says something sane of it, and none throws. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { currentAge, initialAge } from './age';
import { credentialsHash, partitionOf, targetProblem } from './cache-key';
import { decideReuse } from './decide-reuse';
import { freshen, freshenByHead } from './freshening';
import { allowsRange, isNotModified } from './preconditions';
import { storable, storableFields, unvalidatedFields } from './storable';
import { storedAnswer } from './stored-answer';
import { anyPolicy, anyStatus, anyText, MANY, requestFields, responseFields } from './test/arbitraries';
import { keep } from './test/keeping';
import { NOW, received, stored } from './test/responses';
import { confirmedBy, validationFor } from './validation';
import { strongValidator } from './validator';

const NAMES =
  'Age Authorization CDN-Cache-Control Cache-Control Connection Content-Length Content-Location Content-Range ' +
  'Content-Type Cookie Date ETag Expires If-Match If-Modified-Since If-None-Match If-Range Last-Modified Location ' +
  'Pragma Range Vary';

/** Any lines at all, under the names that somebody reads. */
const wild = fc
  .array(fc.tuple(fc.constantFrom(...NAMES.split(' ')), anyText), { maxLength: 6 })
  .map((lines) => lines.flat());

const anyMessage = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'X'),
  asked: fc.oneof(requestFields, wild),
  fields: fc.oneof(responseFields, wild),
  status: anyStatus,
  policy: anyPolicy,
  requestTime: fc.integer({ min: NOW - 1e7, max: NOW + 1e7 }),
  now: fc.integer({ min: NOW - 1e9, max: NOW + 1e9 }),
});

describe('any message', () => {
  it('is decided on without an exception: storing, reuse, validation, freshening (10,000 runs)', () => {
    fc.assert(
      fc.property(anyMessage, ({ method, asked, fields, status, policy, requestTime, now }) => {
        const response = received(fields, { status, requestTime });
        const request = { method, fields: asked, hasBody: false };
        const url = 'https://api.example.com/users';
        const verdict = storable({ request, url, response, policy, credentials: false });
        const kept = keep({ method, requestFields: asked, response, policy });
        expect(kept !== null).toBe(verdict.store);
        const candidate = kept ?? stored({ fields: storableFields(fields, policy), status });
        const decision = decideReuse({ request, candidates: [candidate], partition: '', policy, now });
        const age = currentAge(candidate, now);
        expect(initialAge(response)).toBeGreaterThanOrEqual(0);
        expect(age >= candidate.initialAgeSeconds && Number.isFinite(age)).toBe(true);
        expect(['reuse', 'validate', 'forward', 'refuse']).toContain(decision.kind);
        for (const made of [
          freshen(candidate, response, policy),
          freshenByHead(candidate, response, policy),
        ]) {
          expect(made.fields.length % 2).toBe(0);
          expect(made.lifetimeSeconds >= 0 && made.initialAgeSeconds >= 0).toBe(true);
        }
        const validation = validationFor(candidate, [candidate, stored({ fields })]);
        confirmedBy(fields, validation?.asked ?? []);
        storedAnswer(request, candidate);
        isNotModified(asked, candidate);
        allowsRange(asked, candidate);
        strongValidator(fields);
        unvalidatedFields(fields, policy);
      }),
      MANY,
    );
  });

  it('has a partition: short, URL-safe, and nothing of what it hides (10,000 runs)', () => {
    const secret = new Uint8Array(32).fill(7);
    const cookiePatterns = DEFAULT_SETTINGS.credentialCookies;
    fc.assert(
      fc.property(wild, fc.option(anyText), (fields, forwardedHost) => {
        const partition = partitionOf({ fields, policy: 'override', cookiePatterns, secret, forwardedHost });
        const hash = credentialsHash(fields, cookiePatterns, secret);
        return /^(?:[\w-]{22})?$/.test(partition) && (hash === null || /^[\w-]{22}$/.test(hash));
      }),
      MANY,
    );
  });

  it('has a target that is forwarded byte for byte, or refused in words (10,000 runs)', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const problem = targetProblem(`/${text}`);
        return problem === null ? /^[\x21-\x7e]*$/.test(text) && !text.includes('#') : problem !== '';
      }),
      MANY,
    );
  });
});
