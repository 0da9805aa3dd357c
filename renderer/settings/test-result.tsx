import { Check, LoaderCircle, X } from 'lucide-react';
import type { TestState } from './settings-form';

/** How a test went, told where it was asked for. */
export function TestResult({ test }: { readonly test: TestState }) {
  return (
    <span aria-live="polite" className="block">
      {test === 'running' && (
        <span className="mt-1 flex items-center gap-1.5">
          <LoaderCircle aria-hidden size={13} className="animate-spin" />
          Testing…
        </span>
      )}
      {test !== null && test !== 'running' && (
        <span className={`mt-1 flex items-start gap-1.5 ${test.ok ? 'text-hit' : 'text-error'}`}>
          {test.ok ? (
            <Check aria-hidden size={14} className="mt-0.5 flex-none" />
          ) : (
            <X aria-hidden size={14} className="mt-0.5 flex-none" />
          )}
          <span className="min-w-0 wrap-anywhere whitespace-pre-line text-pretty select-text">
            {test.message}
          </span>
        </span>
      )}
    </span>
  );
}
