/** Durations on a logarithmic scale: eight bins an octave, from 1/32 ms to two minutes; the ends take what lies beyond. */
import type { LatencyBin, LatencyPercentiles } from '../../../shared/insights';
import type { Milliseconds } from '../../../shared/units';

const BINS_PER_OCTAVE = 8;
const LOWEST_OCTAVE = -5;
const OCTAVES = 22;
export const LATENCY_BINS = BINS_PER_OCTAVE * OCTAVES;
/** So many are shown as one: half an octave. */
const SHOWN_TOGETHER = 4;

export function latencyBin(ms: Milliseconds): number {
  const bin = Math.floor((Math.log2(ms) - LOWEST_OCTAVE) * BINS_PER_OCTAVE);
  // A duration of 0 has no logarithm to speak of.
  return bin >= LATENCY_BINS ? LATENCY_BINS - 1 : bin > 0 ? bin : 0;
}

/** Where a bin begins; fractions lie within a bin. */
function edgeMs(bin: number): Milliseconds {
  return 2 ** (bin / BINS_PER_OCTAVE + LOWEST_OCTAVE);
}

/** Null: nothing was counted. */
export function latencyPercentiles(counts: ArrayLike<number>): LatencyPercentiles | null {
  let total = 0;
  for (let bin = 0; bin < LATENCY_BINS; bin += 1) total += counts[bin] ?? 0;
  if (total === 0) return null;
  const at = (share: number) => percentile(counts, share * total);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function percentile(counts: ArrayLike<number>, wanted: number): Milliseconds {
  let before = 0;
  for (let bin = 0; bin < LATENCY_BINS; bin += 1) {
    const count = counts[bin] ?? 0;
    if (count > 0 && before + count >= wanted) return edgeMs(bin + (wanted - before) / count);
    before += count;
  }
  return edgeMs(LATENCY_BINS);
}

/** Both as one histogram, from the first bin that is not empty to the last. */
export function latencyHistogram(hits: ArrayLike<number>, misses: ArrayLike<number>): LatencyBin[] {
  const bins: LatencyBin[] = [];
  for (let bin = 0; bin < LATENCY_BINS; bin += SHOWN_TOGETHER) {
    bins.push({
      fromMs: edgeMs(bin),
      toMs: edgeMs(bin + SHOWN_TOGETHER),
      hits: sumFrom(hits, bin),
      misses: sumFrom(misses, bin),
    });
  }
  const used = bins.map((bin) => bin.hits + bin.misses > 0);
  return bins.slice(Math.max(0, used.indexOf(true)), used.lastIndexOf(true) + 1);
}

function sumFrom(counts: ArrayLike<number>, first: number): number {
  let sum = 0;
  for (let bin = first; bin < first + SHOWN_TOGETHER; bin += 1) sum += counts[bin] ?? 0;
  return sum;
}
