/** Buttons that send a request to the built-in demo API through the proxy. */
import { Send, X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { sendRequest } from '../app/engine-actions';
import { openCompose } from '../state/compose-store';
import { windowStore } from '../state/window-store';

const DEMO_TARGETS = [
  { target: '/products', note: 'a list' },
  { target: '/products/1', note: 'one of them' },
  { target: '/slow', note: 'takes its time' },
] as const;

/** The button that was pressed last keeps the focus when the page around it changes. */
let lastTarget: string | null = null;

export function DemoRequests({ compact = false }: { readonly compact?: boolean }) {
  const listRef = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    if (!compact || lastTarget === null || document.activeElement !== document.body) return;
    listRef.current?.querySelector<HTMLButtonElement>(`[data-target="${lastTarget}"]`)?.focus();
  }, [compact]);
  return (
    <ul ref={listRef} className={compact ? 'flex gap-1.5' : 'flex flex-col gap-2'}>
      {DEMO_TARGETS.map(({ target, note }) => (
        <li key={target} className="flex items-center gap-2.5">
          <button
            type="button"
            data-target={target}
            className={compact ? 'btn small' : 'btn min-w-40 justify-start'}
            onClick={() => {
              lastTarget = target;
              void sendRequest(target);
            }}
          >
            <Send aria-hidden />
            <span className="mono">GET {target}</span>
          </button>
          {!compact && <span className="text-sm text-muted">{note}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Above the log while the demo API is the origin. */
export function DemoStrip() {
  return (
    <div className="flex h-10 flex-none items-center gap-3 overflow-x-auto border-b border-line bg-bg px-3 text-sm whitespace-nowrap text-muted">
      <span>Send one twice: a MISS, then a HIT.</span>
      <DemoRequests compact />
      <button type="button" className="btn ghost small" onClick={() => openCompose({ target: '/products' })}>
        Another request…
      </button>
      <span className="flex-1" />
      <button type="button" className="btn small" onClick={() => windowStore.setState({ connectOpen: true })}>
        Connect your API
      </button>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Hide the demo requests"
        onClick={() => windowStore.setState({ demoStrip: false })}
      >
        <X aria-hidden />
      </button>
    </div>
  );
}
