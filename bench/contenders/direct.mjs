// The origin asked without anything in between: what a miss is compared with.

/** @type {import('./contender.mjs').Contender} */
export const direct = {
  id: 'direct',
  name: 'the origin itself',
  missing: () => null,
  start: async (originPort) => ({
    id: 'direct',
    port: () => originPort,
    pid: process.pid,
    asksOrigin: true,
    status: null,
    stop: async () => undefined,
  }),
};
