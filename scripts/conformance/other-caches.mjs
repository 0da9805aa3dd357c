// Results of well-known caches with the current form of the suite, each run three times with the configuration of
// the suite's author, or as published at cache-tests.fyi.

/** The sizes of that form; the npm package is an older one. */
export const CURRENT_FORM = { required: 160, optimal: 105, check: 100 };

/** How many tests each cache passes. */
export const OTHER_CACHES = [
  { name: 'Apache Traffic Server 9.2', required: 134, optimal: 73 },
  { name: 'Apache httpd 2.4 mod_cache', required: 131, optimal: 68 },
  { name: 'Squid 5.7', required: 121, optimal: 58 },
  { name: 'Caddy with cache-handler (published)', required: 121, optimal: 44 },
  { name: 'Varnish 7.1', required: 119, optimal: 45 },
  { name: 'nginx 1.22', required: 100, optimal: 58 },
  { name: 'Fastly (published)', required: 96, optimal: 49 },
  { name: 'HAProxy 2.6', required: 89, optimal: 39 },
  { name: 'no cache at all', required: 22, optimal: 0 },
];
