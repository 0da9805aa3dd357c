/** A pattern, what it matches at this moment, and the button that deletes that. */
import type { Ref } from 'react';
import { useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import { formatBytes, formatCount } from '../../shared/format';
import type { ListingPage } from '../../shared/stored-listing';
import { ask } from '../bridge/larder-api';
import { engineStore } from '../state/engine-store';
import { deleteMatching, responses } from './cache-actions';
import { closeCacheDialog } from './cache-dialogs';
import { DialogButtons } from './cache-dialog-buttons';

/** After the last key. */
const SETTLED_MS = 120;
const FIRST_MATCHES = 8;

type Preview =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly page: ListingPage }
  | { readonly kind: 'failed'; readonly message: string };

interface DeleteMatchingFormProps {
  readonly first: string;
  readonly fieldRef: Ref<HTMLInputElement>;
}

export function DeleteMatchingForm({ first, fieldRef }: DeleteMatchingFormProps) {
  const [pattern, setPattern] = useState(first);
  const preview = usePreview(pattern);
  const count = preview.kind === 'found' ? preview.page.total : 0;
  const fieldId = useId();
  const submit = () => {
    if (count === 0) return;
    closeCacheDialog();
    void deleteMatching(pattern);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={fieldId} className="mb-1 block font-medium">
        Pattern
      </label>
      <input
        id={fieldId}
        ref={fieldRef}
        className="input mono"
        value={pattern}
        placeholder="/v2/products*"
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${fieldId}-help`}
        onChange={(event) => setPattern(event.target.value)}
      />
      <p id={`${fieldId}-help`} className="mt-1.5 text-sm text-muted">
        <code>*</code> stands for any run of characters, <code>?</code> for one. It has to match the whole
        URL, or its path with the query.
      </p>
      <Examples onPick={setPattern} />
      <Matches pattern={pattern} preview={preview} />
      <DialogButtons>
        <button type="submit" className="btn danger" disabled={count === 0}>
          {count === 0 ? 'Delete' : `Delete ${responses(count)}`}
        </button>
      </DialogButtons>
    </form>
  );
}

/** What matches at this moment, asked again while one types and when the store changes. */
function usePreview(pattern: string): Preview {
  const [preview, setPreview] = useState<Preview>({ kind: 'none' });
  const entries = useStore(engineStore, ({ status }) => status?.store.entries ?? 0);
  useEffect(() => {
    let current = true;
    const look = async () => {
      if (pattern === '') return setPreview({ kind: 'none' });
      const query = {
        match: pattern,
        sort: 'url',
        descending: false,
        offset: 0,
        limit: FIRST_MATCHES,
      } as const;
      const answer = await ask('cache.page', query);
      if (!current) return undefined;
      return setPreview(
        answer.ok ? { kind: 'found', page: answer.value } : { kind: 'failed', message: answer.error.message },
      );
    };
    const timer = setTimeout(() => void look(), SETTLED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [pattern, entries]);
  return preview;
}

const EXAMPLES: readonly (readonly [pattern: string, meaning: string])[] = [
  ['/v2/products*', 'a path and all that begins with it'],
  ['*.svg', 'all that end so'],
  ['*?page=*', 'any query with a page'],
];

function Examples({ onPick }: { readonly onPick: (pattern: string) => void }) {
  return (
    <div className="mt-2 flex flex-wrap items-center gap-1.5 text-sm text-muted">
      Examples:
      {EXAMPLES.map(([pattern, meaning]) => (
        <button
          key={pattern}
          type="button"
          className="chip mono"
          title={meaning}
          onClick={() => onPick(pattern)}
        >
          {pattern}
        </button>
      ))}
    </div>
  );
}

function Matches({ pattern, preview }: { readonly pattern: string; readonly preview: Preview }) {
  return (
    <div className="match-preview">
      <p role="status" className={preview.kind === 'failed' ? 'text-error' : 'font-medium'}>
        {matchWords(pattern, preview)}
      </p>
      {preview.kind === 'found' && preview.page.total > 0 && (
        <ul aria-label="The first of them" className="mt-1.5">
          {preview.page.entries.map(({ id, url }) => (
            <li key={id} className="mono truncate text-muted" title={url}>
              {url}
            </li>
          ))}
          {preview.page.total > preview.page.entries.length && (
            <li className="text-sm text-muted">
              and {formatCount(preview.page.total - preview.page.entries.length)} more
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function matchWords(pattern: string, preview: Preview): string {
  switch (preview.kind) {
    case 'none':
      return 'What matches is shown here before anything is deleted.';
    case 'failed':
      return preview.message;
    case 'found': {
      const { total, bodyBytes } = preview.page;
      if (total === 0) return `Nothing that is stored matches ${pattern}`;
      return `${responses(total)} · ${formatBytes(bodyBytes)}`;
    }
  }
}
