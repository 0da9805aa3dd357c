// Why Larder, with policy `respect`, does not do what a test of the suite asks for: by the test's id, in Markdown,
// with the RFC's words. A required or optimal test that does not pass and is not in here fails the run.

/** @param {string} rule what forbids the stale response */
const staleClose = (rule) => `
Larder does what the test is named after: ${rule}, so it answers 502 where the origin drops the connection, and does
not serve what is stored. RFC 9111 §5.2.2.2: "the cache MUST generate an error response rather than reuse the stale
response". This form of the suite takes any answer without the field \`Server-Request-Count\` of its own origin for
one from the cache, and an error that a proxy generates cannot have that field. No proxy can pass; none of the
results that come with the package does.`;

/** @type {Readonly<Record<string, string>>} */
export const REASONS = {
  'stale-close-must-revalidate': staleClose('`must-revalidate` forbids it'),
  'stale-close-no-cache': staleClose('`no-cache` (§5.2.2.4) forbids it'),
  'stale-close-proxy-revalidate': staleClose('`proxy-revalidate` (§5.2.2.8) forbids it'),
  'stale-close-s-maxage=2': staleClose('`s-maxage` (§5.2.2.10) implies `proxy-revalidate`'),
  'conditional-lm-fresh-no-lm': `
What is stored has no \`Last-Modified\`, and its \`Date\` is later than the request's \`If-Modified-Since\`. By RFC 9111
§4.3.2 the stored \`Date\` then takes the place of \`Last-Modified\`, and by RFC 9110 §13.1.3 the answer is 304 only where
it is not later than the date asked about. Larder answers 200, from the store. The test takes nothing but 304.`,
  'partial-store-partial-complete': `
Bytes 0-4 of 10 are stored, without any validator, and the whole is asked for. The test wants the origin to be asked
for bytes 5-9. Its answer could not be used: RFC 9111 §3.4 lets a cache combine parts only "if they all share the same
strong validator". So Larder asks for the whole at once. With a strong validator it asks for the
rest, with \`If-Range\` (\`electron/engine/test/partial-content.test.ts\`).`,
  'vary-normalise-lang-order': `
\`Accept-Language: de, en\` is not given what was chosen for \`en, de\`. RFC 9110 §12.5.4: "some recipients treat the
order in which language tags are listed as an indication of descending priority". With such an origin the client would
get the language it likes less, and nothing in the response says whether the origin is one. Case, space and weights
that say nothing are normalised.`,
  'vary-normalise-lang-select': `
A response in German, stored for \`en, de\`, is not given to a request that says \`fr;q=0.5, de\`. By RFC 9111 §4.1
two field values match only after a change that "is known to have identical semantics, according to the header field's
specification"; there is none that makes one of these the other: the origin may have French as well, or tell its readers which languages they asked for. Where the stored
response has an \`ETag\`, the origin hears of it, and its 304 makes it an answer for this request too.`,
};
