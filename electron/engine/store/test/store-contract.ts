/**
 * The stores' contract as tests: the same suite runs on every store. What only
 * one store promises (budget, order, faults) is tested beside that store.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseStore } from '../response-store';
import { describeRoundTrip } from './contract-any-response';
import { describeList } from './contract-lists';
import { describeMany } from './contract-many';
import { describeEntry, describeLookup } from './contract-reading';
import { describeForgetting, describeRemoval } from './contract-removal';
import { PATIENT, put, store, testStore, type Forget } from './contract-store';
import { describeUndo } from './contract-undo';
import { describeFreshen, describePut } from './contract-writing';

/** `createStore` gives an empty store that is ready to answer; the suite closes it. */
export function describeStoreContract(
  name: string,
  createStore: () => Promise<ResponseStore>,
  forget: Forget,
): void {
  describe(`store contract: ${name}`, () => {
    beforeEach(async () => {
      testStore(await createStore());
    });
    afterEach(() => store.close());

    describe('lookup and body', () => {
      describeLookup();
    });
    describe('put', () => {
      describePut();
    });
    describe('any response and body', () => {
      describeRoundTrip();
    });
    describe('freshen', () => {
      describeFreshen();
    });
    describe('removal', () => {
      describeRemoval();
    });
    describe('a clear that can be undone', () => {
      describeUndo(forget);
    });
    describe('what the store forgets by itself', () => {
      describeForgetting(forget);
    });
    describe('many at once', () => {
      describeMany();
    });
    describe('list', () => {
      describeList();
    });
    describe('entry', () => {
      describeEntry();
    });
    describe('the store itself', () => {
      describeItself();
    });
  });
}

function describeItself(): void {
  it('has a secret of 32 bytes that stays', () => {
    expect(store.keySecret()).toHaveLength(32);
    expect(Buffer.from(store.keySecret())).toEqual(Buffer.from(store.keySecret()));
  });

  it('keeps its secret when it is cleared', async () => {
    const before = Buffer.from(store.keySecret());
    await store.clear();
    expect(Buffer.from(store.keySecret())).toEqual(before);
  });

  it('counts what it holds', async () => {
    await put('/a', 'x'.repeat(3000));
    await put('/b', 'y');
    await expect.poll(() => store.stats().entries, PATIENT).toBe(2);
    expect(store.stats().bytes).toBeGreaterThan(0);
    await store.clear();
    await expect.poll(() => store.stats(), PATIENT).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('is well', () => {
    expect(store.health()).toMatchObject({ state: 'ok', message: null });
    store.onHealth(() => undefined)();
  });

  it('closes more than once', async () => {
    await store.close();
    await store.close();
  });
}
