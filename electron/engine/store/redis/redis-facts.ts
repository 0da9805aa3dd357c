/** What a Redis says about itself (INFO), in words. Read by "Test connection"; beside the request's path. */
import { MEBIBYTE } from '../../../../shared/settings';
import type { Milliseconds } from '../../../../shared/units';

export class RedisFacts {
  private readonly info: string | null;

  /** @param info reply of INFO; null where it is not permitted */
  constructor(info: string | null) {
    this.info = info;
  }

  /** `standalone`, `cluster` or `sentinel` */
  get mode(): string | null {
    return this.field('redis_mode') ?? this.field('server_mode');
  }

  get isReplica(): boolean {
    return this.field('role') === 'slave';
  }

  get isReadOnly(): boolean {
    return this.isReplica && this.field('slave_read_only') !== '0';
  }

  /** @param mode as what it was found */
  sentences(mode: string, latencyMs: Milliseconds): string {
    return `${this.product} (${mode}) answered in ${latencyMs.toFixed(1)} ms. ${this.eviction()}`;
  }

  private get product(): string {
    const valkey = this.field('valkey_version');
    if (valkey !== null) return `Valkey ${valkey}`;
    return `Redis ${this.field('redis_version') ?? 'of unknown version'}`;
  }

  /** Larder's keys have a time to live, so `volatile-…` concerns them as `allkeys-…` does. */
  private eviction(): string {
    const maxBytes = Number(this.field('maxmemory') ?? NaN);
    const policy = this.field('maxmemory_policy');
    if (Number.isNaN(maxBytes) || policy === null)
      return 'It does not tell this user its memory policy (INFO).';
    if (maxBytes === 0) return 'It has no memory limit (maxmemory 0), so it evicts no stored responses.';
    const full = `when its ${Math.max(1, Math.round(maxBytes / MEBIBYTE))} MiB are full (maxmemory-policy ${policy})`;
    if (policy === 'noeviction') return `It evicts no stored responses, but refuses new ones ${full}.`;
    return `It may evict stored responses ${full}.`;
  }

  private field(name: string): string | null {
    return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(this.info ?? '')?.[1] ?? null;
  }
}
