/** Changes to a disk cache that two processes can work out alike. */
import { createHash } from 'node:crypto';
import type { StoredRecord } from '../../codec';

export const NOW = 1_700_000_000_000;

export type Change =
  | { readonly kind: 'put'; readonly id: string; readonly record: StoredRecord; readonly kept: Uint8Array }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'clear' | 'hide' | 'unhide' };

const IDS = 40;
const MAX_GROUP = 20;

/** Endless, in groups; of the same seed always the same. */
export function* changesOf(seed: number): Generator<Change[]> {
  let state = seed;
  const upTo = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  for (let version = 0; ;) {
    const group: Change[] = [];
    for (let left = 1 + upTo(MAX_GROUP); left > 0; left -= 1) {
      const chance = upTo(100);
      const id = `id-${upTo(IDS)}`;
      version += 1;
      if (chance < 75) group.push(putOf(id, `${seed}.${version}`, upTo(chance === 0 ? 400_000 : 4000)));
      else if (chance < 95) group.push({ kind: 'remove', id });
      else group.push({ kind: chance < 97 ? 'hide' : chance < 99 ? 'unhide' : 'clear' });
    }
    yield group;
  }
}

/** The body follows from the version. */
export function bodyOfVersion(version: string, bytes: number): Buffer {
  const block = createHash('sha256').update(version).digest();
  return Buffer.alloc(bytes, block);
}

function putOf(id: string, version: string, bytes: number): Change {
  const kept = bodyOfVersion(version, bytes);
  const checksum = createHash('sha256').update(kept).digest('base64url').slice(0, 22);
  const stored = {
    id,
    key: `https://api.example.com/${id}`,
    partition: '',
    vary: [],
    method: 'GET' as const,
    url: `https://api.example.com/${id}`,
    status: 200,
    statusText: 'OK',
    fields: ['X-Version', version],
    trailers: [],
    requestTime: NOW,
    responseTime: NOW,
    initialAgeSeconds: 0,
    lifetimeSeconds: 300,
    lifetimeSource: 'ttl' as const,
    mustValidate: false,
    forOneUser: false,
    partial: null,
    bodyBytes: bytes,
    originMs: 1,
  };
  const body = { version, checksum, encoding: 'identity' as const, bytes, storedBytes: bytes };
  return { kind: 'put', id, record: { stored, body, keepUntil: NOW + 1e9 }, kept };
}
