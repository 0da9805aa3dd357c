/** What a run of the fuzzing is told and tells, and how inputs that failed are kept. */
import type { FuzzInput } from './fuzz-input';
import type { Scripted } from './fuzz-origin';

export interface FuzzPlan {
  readonly seed: number;
  readonly runs: number;
  /** No more is begun once this many have failed. */
  readonly maxFailures: number;
}

export interface FuzzResult {
  readonly runs: number;
  readonly failures: readonly Failure[];
  /** What was taken on the fast way: heads accepted, or hits; 0 where it is not counted. */
  readonly fast: number;
  /** What the process held at the end beyond what it held after the first quarter, in bytes; 0 where it is not measured. */
  readonly grownBytes: number;
}

/** `shown`: to be read, and pasted into a test. */
export interface Failure {
  readonly why: string;
  readonly shown: string;
  readonly kept: KeptInput;
}

/** An input as the corpus keeps it: what a client sent, what an origin answered, or a head for the reader alone. */
export type KeptInput =
  | ({ readonly kind: 'request' } & FuzzInput)
  | ({ readonly kind: 'response' } & Scripted)
  | { readonly kind: 'head'; readonly bytes: string };
