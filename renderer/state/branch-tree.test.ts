import { describe, expect, it } from 'vitest';
import type { Branch, BranchQuery } from '../../shared/stored-listing';
import { BranchTree } from './branch-tree';

function branch(path: string, opens = true): Branch {
  const name = path.slice(path.lastIndexOf('/'));
  return { path, name, count: 1, bodyBytes: 1, storedBytes: 1, opens };
}

const A = 'https://a.test';
const B = 'https://b.test';

function newTree(found: Record<string, Branch[]>, of: Record<string, number> = {}) {
  const asked: BranchQuery[] = [];
  const main = { found };
  const tree = new BranchTree(async (query) => {
    asked.push(query);
    const branches = main.found[query.under ?? ''];
    if (branches === undefined) return { ok: false, error: { code: 'internal', message: 'No' } };
    const facts = { total: 1, bodyBytes: 1, storedBytes: 1, revision: 1 };
    const rest = { outdated: false, readSoFar: null, cappedAt: null };
    return { ok: true, value: { branches, of: of[query.under ?? ''] ?? branches.length, ...facts, ...rest } };
  });
  const shown = () => tree.store.getState().rows.map(({ branch: { path }, level }) => `${level} ${path}`);
  return { tree, asked, main, shown };
}

const TWO = {
  '': [branch(A), branch(B)],
  [A]: [branch(`${A}/v1`), branch(`${A}/x`, false)],
  [`${A}/v1`]: [],
};

describe('BranchTree', () => {
  it('asks for branches when they are opened, and shows them under their own', async () => {
    const { tree, asked, shown } = newTree(TWO);
    await tree.reload('');
    expect(shown()).toEqual([`1 ${A}`, `1 ${B}`]);
    await tree.open(A);
    expect(shown()).toEqual([`1 ${A}`, `2 ${A}/v1`, `2 ${A}/x`, `1 ${B}`]);
    expect(asked.map(({ under }) => under)).toEqual([null, A]);
    expect(tree.store.getState().rows[2]).toMatchObject({ place: 2, of: 2, open: false });
    tree.close(A);
    expect(shown()).toEqual([`1 ${A}`, `1 ${B}`]);
  });

  it('opens a single origin by itself, once', async () => {
    const { tree, shown } = newTree({ ...TWO, '': [branch(A)] });
    await tree.reload('');
    await expect.poll(shown).toHaveLength(3);
    tree.close(A);
    await tree.reload();
    expect(shown()).toEqual([`1 ${A}`]);
  });

  it('asks again for all that is open, and sorted otherwise', async () => {
    const { tree, asked, main, shown } = newTree(TWO);
    await tree.reload('');
    await tree.open(A);
    main.found = { ...TWO, [A]: [branch(`${A}/new`)] };
    await tree.sortBy('size');
    expect(asked.slice(2)).toMatchObject([
      { under: null, sort: 'size', descending: true },
      { under: A, sort: 'size', descending: true },
    ]);
    expect(shown()).toEqual([`1 ${A}`, `2 ${A}/new`, `1 ${B}`]);
    await tree.sortBy('size');
    expect(asked.at(-1)).toMatchObject({ descending: false });
  });

  it('knows nothing of another store', async () => {
    const { tree, shown, asked } = newTree(TWO);
    await tree.reload('');
    await tree.open(A);
    tree.reset();
    expect(shown()).toEqual([]);
    await tree.reload();
    expect(asked.slice(2).map(({ under }) => under)).toEqual([null]);
  });

  it('says how many are left out, and what went wrong', async () => {
    const { tree } = newTree(TWO, { [A]: 10 });
    await tree.reload('');
    await tree.open(A);
    expect(tree.store.getState().leftOut).toBe(8);
    await tree.open(B);
    expect(tree.store.getState().problem).toBe('No');
  });
});
