/** The stores' contract: pages of what is stored. */
import { expect, it } from 'vitest';
import { allEntries, allPages, pagesFrom, put, store } from './contract-store';
import { SAMPLE_TIME } from './sample-response';

export function describeList(): void {
  it('gives pages that together hold everything', async () => {
    for (let index = 0; index < 25; index += 1) await put(`/items/${index}`, String(index));
    const pages = await allPages(10);
    expect(pages.every((page) => page.length <= 10)).toBe(true);
    expect(new Set(pages.flat().map((each) => each.id)).size).toBe(25);
  });

  it('says on the last page that it is the last', async () => {
    await put('/only', 'x');
    expect((await store.list({})).cursor).toBeNull();
    await store.clear();
    expect(await store.list({})).toEqual({ entries: [], cursor: null });
  });

  it('goes on after a page although the listed were removed and others came', async () => {
    for (let index = 0; index < 30; index += 1) await put(`/items/${index}`, String(index));
    const first = await store.list({ limit: 10 });
    await store.delete(first.entries.slice(5).map((each) => each.id));
    for (let index = 30; index < 40; index += 1) await put(`/items/${index}`, String(index));
    const rest = await pagesFrom(first.cursor ?? undefined, 10);
    const seen = new Set([...first.entries, ...rest.flat()].map((each) => each.url));
    for (let index = 0; index < 30; index += 1)
      expect(seen).toContain(`https://api.example.com/items/${index}`);
  });

  it('finds part of a URL without regard to case', async () => {
    for (const path of ['/Users/1', '/users/2', '/orders/1']) await put(path, path);
    const found = (await allEntries('USERS')).map((each) => new URL(each.url).pathname);
    expect(found.sort()).toEqual(['/Users/1', '/users/2']);
    expect(await allEntries('nothing')).toEqual([]);
  });

  it('refuses a cursor that it never gave', async () => {
    const listed = async () => store.list({ cursor: 'not a cursor' });
    await expect(listed()).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('shows what a list needs, without the body', async () => {
    const stored = await put('/shown', 'x'.repeat(50), { initialAgeSeconds: 100, forOneUser: true });
    expect((await store.list({})).entries).toEqual([
      {
        id: stored.id,
        method: 'GET',
        url: 'https://api.example.com/shown',
        status: 200,
        contentType: 'application/json',
        bodyBytes: 50,
        storedBytes: 50,
        storedAt: SAMPLE_TIME,
        expiresAt: SAMPLE_TIME + 200_000,
        hits: 0,
        vary: [],
        forOneUser: true,
      },
    ]);
  });
}
