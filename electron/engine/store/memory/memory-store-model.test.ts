/** The memory store beside a plain model of it, under any order of events: hot and cold, compressed, on disk, evicted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredResponse } from '../../semantics/stored-response';
import type { MemoryStore } from './memory-store-contract';
import { createMemoryStore } from './memory-store';
import { KeptElsewhere } from './test/kept-elsewhere';
import { SAMPLE_TIME, sampleAt } from '../test/sample-response';

const ROOMY_BYTES = 64 * 1024 * 1024;
const TURNS = 20;
const UNDO_MS = 600_000;
const LOOKING_UP: ReadonlySet<string> = new Set(['hit', 'hold', 'freshen']);

type Step =
  | { readonly act: 'put'; readonly path: string; readonly bytes: number; readonly type: string }
  | { readonly act: 'hit' | 'freshen' | 'delete' | 'look' | 'drop' | 'damage'; readonly path: string }
  | { readonly act: 'hold' | 'ask-again' | 'freshen-held' | 'invalidate'; readonly path: string }
  | { readonly act: 'budget'; readonly bytes: number }
  | { readonly act: 'clear-for-undo' | 'undo' }
  | { readonly act: 'clear' | 'wait' | 'restart' | 'detach' | 'attach' | 'refuse' | 'list' };

const path = fc.constantFrom('/a', '/b', '/c?v=1');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant('put' as const),
      path,
      bytes: fc.constantFrom(0, 9, 700, 3000, 9000, 30_000),
      type: fc.constantFrom('text/plain', 'image/png'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'hit' as const,
        'hit' as const,
        'hold' as const,
        'ask-again' as const,
        'freshen-held' as const,
      ),
      path,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'freshen' as const,
        'delete' as const,
        'invalidate' as const,
        'look' as const,
        'drop' as const,
        'damage' as const,
      ),
      path,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('budget' as const),
      bytes: fc.constantFrom(2000, 8000, 30_000, 90_000, ROOMY_BYTES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom('wait' as const, 'wait' as const, 'wait' as const, 'list' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('clear-for-undo' as const, 'undo' as const, 'undo' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'clear' as const,
        'restart' as const,
        'detach' as const,
        'attach' as const,
        'refuse' as const,
      ),
    }),
  },
);

interface Expected {
  readonly stored: StoredResponse;
  readonly body: Buffer;
}

/** One store, what it may have stored, and the disk that outlives it. */
class StoreBesideModel {
  readonly disk = new KeptElsewhere();
  store: MemoryStore;
  attached = true;
  budgetBytes: number;
  expected = new Map<string, Expected>();
  /** What an undo must put back. */
  cleared = new Map<string, Expected>();
  /** Objects that exchanges hold, and the body each of them must get, if any. */
  readonly holding: Expected[] = [];
  readonly asked: Promise<void>[] = [];
  readonly damaged = new Set<string>();
  private puts = 0;

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
    this.store = this.create();
  }

  /** Where nothing can have gone by itself, all must be there. */
  isStrict = true;

  async take(each: Step): Promise<void> {
    switch (each.act) {
      case 'put':
        this.put(each);
        break;
      case 'budget':
        this.budgetBytes = each.bytes;
        this.isStrict &&= each.bytes === ROOMY_BYTES;
        this.store.setBudget(each.bytes);
        break;
      case 'clear':
      case 'clear-for-undo':
      case 'undo':
        this.takeClear(each.act);
        break;
      case 'wait':
        for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        break;
      case 'restart':
        await this.restart();
        break;
      case 'detach':
        this.isStrict = false;
        this.cleared.clear();
        await this.store.detach('clear');
        this.attached = false;
        break;
      case 'attach':
        await this.attach();
        break;
      case 'refuse':
        this.disk.refuses = !this.disk.refuses;
        break;
      case 'list':
        await this.list();
        break;
      default:
        await this.takeOfOne(each.act, sampleAt(each.path).key);
    }
    this.check();
  }

  private async takeOfOne(act: Step['act'], key: string): Promise<void> {
    // A lookup makes hot: only where the step is about that.
    const found = LOOKING_UP.has(act) ? this.store.lookup(key)[0] : undefined;
    const { id } = sampleAt(new URL(key).pathname + new URL(key).search);
    switch (act) {
      case 'hit':
        await this.hit(found);
        break;
      case 'hold':
        this.hold(found);
        break;
      case 'ask-again':
        for (const held of this.holding) this.asked.push(this.mayHave(held));
        break;
      case 'freshen-held':
        for (const held of this.holding) this.freshenHeld(held);
        break;
      case 'look':
        this.expectBody(await this.store.bodyOf(id), id, true);
        break;
      case 'freshen':
        this.freshen(found);
        break;
      case 'delete':
        this.store.delete([id]);
        this.gone(id);
        break;
      case 'invalidate':
        this.store.invalidate([key]);
        this.gone(id);
        break;
      default:
        this.isStrict = false;
        if (act === 'drop') this.disk.drop(id);
        else this.damage(id);
    }
  }

  private damage(id: string): void {
    this.disk.damage(id);
    this.damaged.add(id);
  }

  private put({ path: at, bytes, type }: Step & { act: 'put' }): void {
    const body = Buffer.alloc(bytes, `put ${(this.puts += 1)} `);
    const fields = ['Content-Type', type, 'X-Put', String(this.puts)];
    const stored = sampleAt(at, { fields, bodyBytes: bytes, responseTime: SAMPLE_TIME + this.puts });
    const isStored = this.store.put(stored, Buffer.from(body));
    this.gone(stored.id);
    if (isStored) this.expected.set(stored.id, { stored, body });
  }

  private gone(id: string): void {
    this.expected.delete(id);
    this.cleared.delete(id);
  }

  private async attach(): Promise<void> {
    if (this.attached) return;
    this.cleared.clear();
    await this.store.attach(this.disk);
    this.attached = true;
  }

  private takeClear(act: 'clear' | 'clear-for-undo' | 'undo'): void {
    if (act === 'undo') {
      this.undo();
      return;
    }
    this.store.clear(act === 'clear' ? 0 : UNDO_MS);
    this.cleared = act === 'clear' ? new Map() : this.expected;
    this.expected = new Map();
  }

  private undo(): void {
    const kept = this.store.stats().undo?.entries ?? 0;
    if (this.isStrict) same(kept, this.cleared.size);
    same(this.store.undoClear(), kept);
    this.expected = new Map([...this.cleared, ...this.expected]);
    this.cleared = new Map();
  }

  private async hit(found: StoredResponse | undefined): Promise<void> {
    if (found === undefined) return;
    const body = await this.store.body(found);
    this.expectBody(body, found.id, false);
    // Damaged, or gone from the disk: a miss from now on.
    if (body === null) same(this.store.entry(found.id), null);
  }

  private hold(stored: StoredResponse | undefined): void {
    const { body } = this.expected.get(stored?.id ?? '') ?? {};
    if (stored !== undefined && body !== undefined) this.holding.push({ stored, body });
  }

  private async mayHave({ stored, body }: Expected): Promise<void> {
    const given = await this.store.body(stored);
    if (given !== null) same(Buffer.from(given), body);
  }

  private expectBody(given: Uint8Array | null, id: string, looked: boolean): void {
    const expected = this.expected.get(id);
    if (given !== null) same(Buffer.from(given), expected?.body);
    else if (!looked && this.isStrict) same(expected, undefined);
  }

  private freshen(found: StoredResponse | undefined): void {
    if (found === undefined) return;
    const fresh = { ...found, lifetimeSeconds: found.lifetimeSeconds + 1 };
    const known = this.expected.get(found.id);
    if (this.store.freshen(fresh, found) && known !== undefined)
      this.expected.set(found.id, { ...known, stored: fresh });
    else this.expected.delete(found.id);
  }

  private freshenHeld({ stored, body }: Expected): void {
    const known = this.expected.get(stored.id);
    const fresh = { ...stored, originMs: stored.originMs + 1 };
    if (!this.store.freshen(fresh, stored)) return;
    same(known?.body === body, true);
    this.expected.set(stored.id, { stored: fresh, body });
  }

  private async list(): Promise<void> {
    for (const { stored } of this.expected.values()) {
      const [found] = this.store.lookup(stored.key);
      if (found !== undefined || this.isStrict) same(found, stored);
    }
    const { entries } = await this.store.list({ q: 'api.example' });
    same(new Set(entries.map(({ id }) => id)).size, entries.length);
    same(entries.length, this.store.stats().entries);
    for (const { id } of entries) {
      const body = await this.store.bodyOf(id);
      if (this.damaged.has(id)) continue;
      same(body && Buffer.from(body), this.expected.get(id)?.body);
    }
  }

  private async restart(): Promise<void> {
    await Promise.all(this.asked.splice(0));
    await this.store.close();
    this.holding.length = 0;
    this.cleared.clear();
    if (!this.attached || this.disk.refuses) this.isStrict = false;
    this.store = this.create();
    this.attached = true;
  }

  private create(): MemoryStore {
    const { budgetBytes, disk } = this;
    const store = createMemoryStore({ budgetBytes, now: () => SAMPLE_TIME });
    void store.attach(disk);
    return store;
  }

  private check(): void {
    const { store, expected } = this;
    const stats = store.stats();
    same(store.recount(), {
      entries: stats.entries,
      bytes: stats.bytes,
      bodyBytes: stats.bodyBytes,
      storedBodyBytes: stats.storedBodyBytes,
    });
    // What is removed, replaced or freshened is so on disk at once.
    for (const { record } of this.attached ? this.disk.bodies.values() : [])
      same(record.stored, expected.get(record.stored.id)?.stored);
    same(stats.entries === 0 || stats.bytes <= this.budgetBytes, true);
    if (this.isStrict) same(stats.entries, expected.size);
  }
}

function same(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

describe('memory store beside a model', () => {
  it.each([
    ['in a tiny budget', 30_000],
    ['with room for all', ROOMY_BYTES],
  ])(
    'never has another body, nor another count, %s',
    async (_name, budgetBytes) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
          const beside = new StoreBesideModel(budgetBytes);
          beside.isStrict = budgetBytes === ROOMY_BYTES;
          for (const each of steps) await beside.take(each);
          await Promise.all(beside.asked);
          await beside.store.close();
        }),
        { numRuns: 1000 },
      );
    },
    60_000,
  );
});
