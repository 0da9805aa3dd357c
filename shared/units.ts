/** Units that would otherwise hide in a plain number. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
/** Whole or fractional seconds, as HTTP fields count them. */
export type Seconds = number;
/** A duration in milliseconds. */
export type Milliseconds = number;
