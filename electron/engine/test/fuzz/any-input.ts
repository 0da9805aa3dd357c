/** Inputs of all kinds: sound requests and mutated ones, whole and divided into segments. */
import fc from 'fast-check';
import type { FuzzInput } from './fuzz-input';
import { cutsOf, divisions, mutated, mutations } from './mutations';
import { soundRequests } from './request-model';

export const anyInput: fc.Arbitrary<FuzzInput> = fc
  .tuple(
    soundRequests,
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: mutations }),
    divisions,
  )
  .map(([sound, changes, division]) => {
    const bytes = mutated(sound.bytes, changes);
    return { prime: sound.prime, bytes, cuts: cutsOf(bytes, division) };
  });
