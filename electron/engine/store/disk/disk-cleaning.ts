/**
 * Keeps the disk cache's log short: the oldest segment goes when little of it is still needed, or when there are too
 * many bytes or files. What is still needed is moved to the end of the log before, where the budget allows.
 */
import type { DiskEntry } from './disk-index';
import type { DiskLog } from './disk-log';
import type { IndexLine } from './index-line';
import { readLine } from './index-line';
import type { Segment } from './segment';

/** Less than this share of a segment is worth moving at any time. */
const SMALL_SHARE = 0.25;
/** Less than this, where the budget is nearly used up. */
const HALF = 0.5;
const MAX_GARBAGE_SEGMENTS = 4;
/** Many starts leave many small segments. */
const MAX_SMALL_SEGMENTS = 24;
const RUN_BYTES = 1024 * 1024;
const RUN_ENTRIES = 250;

type Plan = 'nothing' | 'drop' | 'move';

/** What to do with the oldest segment now. */
export function planCleaning(log: DiskLog): Plan {
  const { segments, index, segmentBytes, budgetBytes } = log;
  const { oldest } = segments;
  if (oldest === null) return 'nothing';
  if (log.bytes > budgetBytes) return oldest.isFresh ? 'nothing' : 'drop';
  if (segments.isHead(oldest)) return 'nothing';
  if (oldest.liveParts === 0) return 'drop';
  // What is hidden must not be written again, and is soon gone.
  if (index.hasHidden) return 'nothing';
  if (!isWorthMoving(oldest, log)) return 'nothing';
  const fits = log.bytes + oldest.liveBytes <= budgetBytes;
  if (fits) return 'move';
  return segments.count > maxSegments(segmentBytes, budgetBytes) && index.size > 0 ? 'drop' : 'nothing';
}

function isWorthMoving(oldest: Segment, log: DiskLog): boolean {
  const { segments, index, segmentBytes, budgetBytes } = log;
  const share = oldest.liveBytes / Math.max(oldest.bytes, 1);
  if (share <= SMALL_SHARE) return true;
  if (share <= HALF && log.bytes > budgetBytes - segmentBytes) return true;
  if (segments.count > maxSegments(segmentBytes, budgetBytes)) return true;
  return log.bytes > 2 * index.liveBytes + MAX_GARBAGE_SEGMENTS * segmentBytes;
}

function maxSegments(segmentBytes: number, budgetBytes: number): number {
  return MAX_SMALL_SEGMENTS + Math.ceil((2 * budgetBytes) / segmentBytes);
}

/** Moves what is live in the oldest segment, then drops it. `between`: what waits meanwhile is written there. */
export async function moveOldest(log: DiskLog, between: () => Promise<void>): Promise<void> {
  const { oldest } = log.segments;
  if (oldest === null) return;
  const index = await oldest.readIndex().catch(() => null); // Unreadable: its responses are dropped with it.
  const live = (await log.index.within(oldest)).sort(byPlace);
  for (const run of index === null ? [] : runsOf(live)) {
    await moveRun(log, oldest, index ?? Buffer.alloc(0), run);
    await between();
    if (!log.segments.has(oldest) || log.index.hasHidden) return;
  }
  await log.dropOldest();
}

async function moveRun(
  log: DiskLog,
  oldest: Segment,
  index: Buffer,
  run: [string, DiskEntry][],
): Promise<void> {
  const bodies = await readRun(oldest, run);
  const writes = [];
  for (const [id, entry] of run) {
    const { place } = entry;
    const kept = bodies(entry);
    if (place === null || kept === null || !log.index.holds(id, entry)) continue;
    const line =
      place.line === oldest
        ? readLine(index, place.lineAt)
        : await lineElsewhere(place.line, place.lineAt, place.lineBytes);
    const record = isLineOf(line, id, entry) ? line.record : null;
    if (record !== null) writes.push({ kind: 'response' as const, id, entry, record, kept });
  }
  await log.append(writes);
}

function isLineOf(line: IndexLine | null, id: string, { version }: DiskEntry): line is IndexLine {
  return line?.head.kind === 'response' && line.head.id === id && line.head.version === version;
}

/** A freshened response's last line lies in a later segment. */
async function lineElsewhere(segment: Segment, at: number, bytes: number): Promise<IndexLine | null> {
  const line = await segment.readLineAt(at, bytes).catch(() => null); // As good as damaged: the response goes.
  return line === null ? null : readLine(line, 0);
}

/** One read for neighbours. What is given is a body, or null where it cannot be read. */
async function readRun(
  segment: Segment,
  run: readonly [string, DiskEntry][],
): Promise<(entry: DiskEntry) => Uint8Array | null> {
  const places = run.flatMap(([, { place, bytes }]) =>
    place?.body === segment ? [{ at: place.bodyAt, end: place.bodyAt + bytes }] : [],
  );
  const from = Math.min(...places.map(({ at }) => at));
  const to = Math.max(...places.map(({ end }) => end));
  const all = places.length === 0 ? null : await segment.readBodies(from, to - from).catch(() => null); // As above.
  return ({ place, bytes }) => {
    if (all === null || place?.body !== segment) return null;
    return all.subarray(place.bodyAt - from, place.bodyAt - from + bytes);
  };
}

function* runsOf(live: readonly [string, DiskEntry][]): Generator<[string, DiskEntry][]> {
  let run: [string, DiskEntry][] = [];
  let from = 0;
  for (const each of live) {
    const at = each[1].place?.bodyAt ?? 0;
    const isFull = run.length >= RUN_ENTRIES || at + each[1].bytes - from > RUN_BYTES;
    if (run.length > 0 && isFull) {
      yield run;
      run = [];
    }
    if (run.length === 0) from = at;
    run.push(each);
  }
  if (run.length > 0) yield run;
}

function byPlace([, one]: [string, DiskEntry], [, other]: [string, DiskEntry]): number {
  return (one.place?.bodyAt ?? 0) - (other.place?.bodyAt ?? 0);
}
