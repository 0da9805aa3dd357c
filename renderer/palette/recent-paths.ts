/** Paths of the newest rows of the live log, for the palette and for completing what is typed. */
import { liveLog } from '../state/live-log';

const ROWS_LOOKED_AT = 1000;

/** Each once, newest first. @param withQuery whole targets rather than their paths */
export function recentPaths(limit: number, withQuery = false): readonly string[] {
  const found = new Set<string>();
  let looked = 0;
  for (const { target } of liveLog.exchanges()) {
    found.add(withQuery ? target : (target.split('?', 1)[0] ?? target));
    looked += 1;
    if (found.size === limit || looked === ROWS_LOOKED_AT) break;
  }
  return [...found];
}
