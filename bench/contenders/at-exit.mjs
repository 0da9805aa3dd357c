// What is to be ended or removed when the benchmark ends, however it ends.

/** @type {Set<() => void>} */
const cleanups = new Set();

process.once('exit', () => {
  // A server before the folder that it has.
  for (const cleanup of [...cleanups].reverse()) cleanup();
});

/** Without waiting: the process is about to end.
 *  @param {() => void} cleanup
 *  @returns {() => void} where it was done before */
export function atExit(cleanup) {
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}
