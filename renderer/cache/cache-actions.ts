/** What can be done to stored responses in the Cache place: ask main, say how it went, bring the list up to date. */
import { createStore } from 'zustand/vanilla';
import { formatBytes, formatCount, formatPlural } from '../../shared/format';
import type { IpcResult } from '../../shared/ipc-contract';
import { MOST_REFETCHED, MOST_URLS } from '../../shared/ipc/cache-limits';
import type { ClearResult, StoredEntry } from '../../shared/stored-entry';
import type { Branch } from '../../shared/stored-listing';
import { copyText } from '../app/engine-actions';
import { tell, tellProblem } from '../app/toasts';
import { ask } from '../bridge/larder-api';
import { windowStore } from '../state/window-store';
import { openCacheDialog } from './cache-dialogs';
import { branchTree, entrySelection, storedList } from './stored-responses';

/** In one message to main: each answers within a frame or two. */
const DELETED_AT_ONCE = 1000;
/** So many and more are not deleted without a question. */
const MANY = 100;

/** Requests of a refetch: how many have been answered, of how many; of 0: none are under way. */
export const refetching = createStore<{
  readonly done: number;
  readonly of: number;
  readonly stopped: boolean;
}>(() => ({ done: 0, of: 0, stopped: false }));

export const responses = (count: number) => formatPlural(count, 'response');

/** Deletes them, or asks first where they are many. */
export function deleteEntries(ids: readonly string[], bodyBytes: number): void {
  if (ids.length < MANY) {
    void deleteAtOnce(ids);
    return;
  }
  openCacheDialog({
    kind: 'confirm',
    title: `Delete ${responses(ids.length)}?`,
    text: `Their bodies are ${formatBytes(bodyBytes)}. This cannot be undone.`,
    action: `Delete ${responses(ids.length)}`,
    onConfirm: () => deleteAtOnce(ids),
  });
}

async function deleteAtOnce(ids: readonly string[]): Promise<void> {
  const { activeId, activeIndex } = entrySelection.store.getState();
  let cleared = 0;
  for (let from = 0; from < ids.length; from += DELETED_AT_ONCE) {
    const some = ids.slice(from, from + DELETED_AT_ONCE);
    const answer = await ask('cache.delete', { ids: some });
    if (!answer.ok) {
      tellProblem(
        `Only ${formatCount(cleared)} of ${responses(ids.length)} were deleted`,
        answer.error.message,
      );
      break;
    }
    cleared += answer.value.cleared;
    forget(new Set(some));
  }
  if (cleared > 0) tell(`Deleted ${formatPlural(cleared, 'stored response')}`);
  else if (ids.length > 0) tell('They were no longer stored');
  await bringUpToDate();
  if (activeId !== null && ids.includes(activeId)) standNear(activeIndex);
}

/** Where one stood on what has been deleted: the row that has its place now. */
function standNear(index: number): void {
  const next = Math.min(index, storedList.store.getState().total - 1);
  const entry = storedList.entryAt(next);
  if (entry !== undefined) entrySelection.stand(entry.id, next);
}

export async function deleteMatching(match: string): Promise<void> {
  tellDeleted(await ask('cache.delete-matching', { match }));
  await bringUpToDate();
}

/** Asks first, with the count. */
export function deleteBranch({ path, count, bodyBytes }: Branch): void {
  openCacheDialog({
    kind: 'confirm',
    title: `Delete ${responses(count)}?`,
    text: `All that is stored under ${path}, with bodies of ${formatBytes(bodyBytes)}. This cannot be undone.`,
    action: `Delete ${responses(count)}`,
    onConfirm: async () => {
      tellDeleted(await ask('cache.delete-under', { under: path }));
      if (storedList.store.getState().under === path) await storedList.filter({ under: null });
      await bringUpToDate();
    },
  });
}

function tellDeleted(answer: IpcResult<ClearResult>): void {
  if (!answer.ok) tellProblem('Nothing was deleted', answer.error.message);
  else tell(`Deleted ${formatPlural(answer.value.cleared, 'stored response')}`);
  entrySelection.clear();
}

/** The details of one that is gone are closed; what is left is asked for anew. */
function forget(ids: ReadonlySet<string>): void {
  const { entryId } = windowStore.getState();
  if (entryId !== null && ids.has(entryId)) windowStore.setState({ entryDetails: false });
  entrySelection.forget(ids);
  storedList.forget(ids);
}

async function bringUpToDate(): Promise<void> {
  await Promise.all([storedList.reload(), branchTree.reload()]);
}

/** Asks the origin anew for them, some at a time, until all are done or it is stopped. */
export async function refetchEntries(ids: readonly string[]): Promise<void> {
  if (refetching.getState().of > 0)
    return tell('A refetch is under way; it can be stopped in the Cache place');
  let refetched = 0;
  const problems: string[] = [];
  let left = 0;
  refetching.setState({ done: 0, of: ids.length, stopped: false });
  for (let from = 0; from < ids.length && !refetching.getState().stopped; from += MOST_REFETCHED) {
    const answer = await ask('cache.refetch', { ids: ids.slice(from, from + MOST_REFETCHED) });
    if (!answer.ok) {
      problems.push(answer.error.message);
      break;
    }
    refetched += answer.value.refetched;
    for (const { reason, urls } of answer.value.problems) {
      left += urls.length;
      if (!problems.includes(reason)) problems.push(reason);
    }
    refetching.setState({ done: Math.min(ids.length, from + MOST_REFETCHED), of: ids.length });
  }
  refetching.setState({ done: 0, of: 0 });
  tellRefetched(refetched, left, problems);
  await storedList.reload();
}

export function stopRefetching(): void {
  refetching.setState({ stopped: true });
}

function tellRefetched(refetched: number, left: number, problems: readonly string[]): void {
  if (refetched > 0) tell(`Asked the origin anew for ${responses(refetched)}`);
  else if (refetching.getState().stopped) tell('The refetch was stopped');
  if (problems.length === 0) return;
  const title = left > 1 ? `${responses(left)} were not refetched` : 'It was not refetched';
  tellProblem(refetched > 0 && left === 1 ? '1 response was not refetched' : title, problems.join(' '));
}

/** Of the main process's clipboard; a text that is too long for it is told. */
export async function copyUrls(ids: readonly string[]): Promise<void> {
  const urls: string[] = [];
  for (let from = 0; from < ids.length; from += MOST_URLS) {
    const answer = await ask('cache.urls', { ids: ids.slice(from, from + MOST_URLS) });
    if (!answer.ok) return tellProblem('Nothing was copied', answer.error.message);
    urls.push(...answer.value.urls);
  }
  await copyText(urls.join('\n'), urls.length === 1 ? 'the URL' : `${formatCount(urls.length)} URLs`);
}

export async function editTtl(id: string, ttlSeconds: number): Promise<boolean> {
  const answer = await ask('cache.set-ttl', { id, ttlSeconds });
  if (!answer.ok) tellProblem('The TTL was not changed', answer.error.message);
  else if (answer.value === null) tellProblem('The TTL was not changed', 'The response is no longer stored.');
  else tell(ttlSeconds === 0 ? 'It is expired now' : 'The TTL was changed');
  await storedList.reload();
  return answer.ok;
}

/** The pattern that a person most likely means by one response: its path, whatever the query. */
export function patternFor({ url }: Pick<StoredEntry, 'url'>): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').split('?', 1)[0] ?? '';
  return `${path === '' ? '/' : path}*`;
}
