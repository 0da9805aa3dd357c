import { useId, useMemo, type RefObject } from 'react';
import { useStore } from 'zustand';
import {
  COMPOSE_METHODS,
  composedTargetProblem,
  type ComposedRequest,
  type ComposeMethod,
} from '../../shared/composed-request';
import { recentPaths } from '../palette/recent-paths';
import { changeDraft } from '../state/compose-store';
import { engineStore } from '../state/engine-store';

const MOST_COMPLETIONS = 50;

interface ComposeTargetProps {
  readonly draft: ComposedRequest;
  readonly pathRef: RefObject<HTMLInputElement | null>;
}

/** Method and path; the path is completed from what the log has seen. */
export function ComposeTarget({ draft, pathRef }: ComposeTargetProps) {
  const origin = useStore(engineStore, ({ status }) =>
    status === null ? '' : status.demo ? 'the demo API' : status.origin,
  );
  const completions = useMemo(() => recentPaths(MOST_COMPLETIONS, true), []);
  const id = useId();
  const problem = draft.target === '' ? null : composedTargetProblem(draft.target);
  return (
    <div className="mb-4">
      <div className="compose-target">
        <select
          aria-label="Method"
          className="input mono"
          value={draft.method}
          onChange={(event) => changeDraft({ method: event.target.value as ComposeMethod })}
        >
          {COMPOSE_METHODS.map((method) => (
            <option key={method}>{method}</option>
          ))}
        </select>
        <input
          aria-label="Path"
          className="input mono"
          type="text"
          list={`${id}-paths`}
          placeholder="/products?page=1"
          value={draft.target}
          spellCheck={false}
          autoComplete="off"
          ref={pathRef}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-note`}
          onChange={(event) => changeDraft({ target: event.target.value })}
        />
        <datalist id={`${id}-paths`}>
          {completions.map((path) => (
            <option key={path}>{path}</option>
          ))}
        </datalist>
      </div>
      <p id={`${id}-note`} className={`mt-1 text-sm ${problem === null ? 'text-muted' : 'text-error'}`}>
        {problem ?? (
          <>
            Goes through the proxy to <span className="wrap-anywhere">{origin}</span>, as a request of your
            app would.
          </>
        )}
      </p>
    </div>
  );
}
