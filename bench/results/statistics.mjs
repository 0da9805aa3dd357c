// Figures of several rounds: the one in the middle, and how far they lie apart.

/** @typedef {{ median: number, low: number, high: number }} Spread */

/** @param {readonly number[]} values
 *  @param {number} share from 0 to 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** @param {readonly number[]} values
 *  @returns {Spread | null} null: there are none */
export function spreadOf(values) {
  if (values.length === 0) return null;
  return { median: quantile(values, 0.5), low: Math.min(...values), high: Math.max(...values) };
}

/** @param {Spread | null} spread
 *  @param {number} digits behind the point */
export function shownSpread(spread, digits) {
  if (spread === null) return '–';
  const text = (/** @type {number} */ value) =>
    value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text(spread.median)} (${text(spread.low)}–${text(spread.high)})`;
}
