import { useId } from 'react';
import type { ComposedRequest } from '../../shared/composed-request';
import { formatBytes } from '../../shared/format';
import { changeDraft } from '../state/compose-store';
import { jsonCheck, prettyJson } from './json-check';

const CONTENT_TYPES = [
  ['', 'None given'],
  ['application/json', 'JSON'],
  ['application/x-www-form-urlencoded', 'Form'],
  ['text/plain; charset=utf-8', 'Text'],
] as const;

/** The body, for the methods that carry one. */
export function ComposeBody({ draft }: { readonly draft: ComposedRequest }) {
  const id = useId();
  const { method, body } = draft;
  if ((method === 'GET' || method === 'HEAD') && body === '') return null;
  const contentType = contentTypeOf(draft);
  const check = jsonCheck(body, contentType);
  const pretty = check?.valid === true ? prettyJson(body) : null;
  return (
    <div className="mt-4">
      <div className="mb-1 flex items-center gap-3">
        <label htmlFor={id} className="font-semibold">
          Body
        </label>
        <span className="flex-1" />
        <label className="flex items-center gap-2 text-sm text-muted">
          Content type
          <select
            className="input small"
            value={contentType}
            onChange={(event) => setContentType(draft, event.target.value)}
          >
            {CONTENT_TYPES.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            {CONTENT_TYPES.every(([value]) => value !== contentType) && <option>{contentType}</option>}
          </select>
        </label>
      </div>
      <textarea
        id={id}
        className="input mono"
        rows={5}
        value={body}
        spellCheck={false}
        placeholder={contentType === 'application/json' ? '{ "name": "Plum jam" }' : ''}
        aria-invalid={check?.valid === false}
        aria-describedby={`${id}-note`}
        onChange={(event) => changeDraft({ body: event.target.value })}
      />
      <div className="mt-1 flex min-h-6 items-center gap-3 text-sm text-muted">
        <p id={`${id}-note`} className={check?.valid === false ? 'text-error' : ''}>
          {check === null ? '' : `${check.message} · `}
          {formatBytes(new TextEncoder().encode(body).byteLength)}
        </p>
        <span className="flex-1" />
        {pretty !== null && pretty !== body && (
          <button type="button" className="btn ghost small" onClick={() => changeDraft({ body: pretty })}>
            Indent
          </button>
        )}
      </div>
    </div>
  );
}

const isContentType = ([name]: readonly [string, string]) => name.toLowerCase() === 'content-type';

function contentTypeOf({ fields }: ComposedRequest): string {
  return fields.find(isContentType)?.[1] ?? '';
}

function setContentType({ fields }: ComposedRequest, value: string): void {
  const others = fields.filter((line) => !isContentType(line));
  changeDraft({ fields: value === '' ? others : [...others, ['Content-Type', value]] });
}
