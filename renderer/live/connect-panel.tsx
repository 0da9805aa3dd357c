/** What to paste where, and the one field that asks for the real origin. */
import { Copy } from 'lucide-react';
import type { FormEvent } from 'react';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { originProblem } from '../../shared/settings';
import { copyText, saveChange } from '../app/engine-actions';
import { engineStore } from '../state/engine-store';
import { windowStore } from '../state/window-store';
import type { ConnectSnippet } from './connect-snippets';
import { connectSnippets } from './connect-snippets';

export function ConnectPanel() {
  const url = useStore(engineStore, ({ status, settings }) =>
    status?.listen.kind === 'listening' ? status.listen.url : `http://localhost:${settings?.port ?? 3000}`,
  );
  return (
    <div className="flex flex-col gap-3">
      {connectSnippets(url).map((snippet) => (
        <Snippet key={snippet.title} snippet={snippet} />
      ))}
    </div>
  );
}

function Snippet({ snippet }: { readonly snippet: ConnectSnippet }) {
  return (
    <div>
      <div className="mb-1 flex items-center justify-between text-sm text-muted">
        {snippet.title}
        <button
          type="button"
          className="btn ghost small"
          aria-label={`Copy for ${snippet.title}`}
          onClick={() => void copyText(snippet.text, `the text for ${snippet.title}`)}
        >
          <Copy aria-hidden />
          Copy
        </button>
      </div>
      <pre
        className="mono overflow-x-auto rounded-md border border-line bg-bg px-2.5 py-2 select-text"
        tabIndex={0}
      >
        {snippet.text}
      </pre>
    </div>
  );
}

/** Sets the origin; labelled apart from the field of Settings. */
export function OriginForm() {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const origin = text.trim();
    const wrong = origin === '' ? 'needs the address of your API' : originProblem(origin);
    setProblem(wrong);
    if (wrong !== null) return;
    const result = await saveChange({ origin });
    if (result?.kind === 'saved') windowStore.setState({ connectOpen: false });
    else if (result?.kind === 'invalid') setProblem(result.problems.map(({ message }) => message).join('; '));
    else if (result?.kind === 'port-in-use') setProblem(`was not saved: ${result.message}`);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <label htmlFor={id} className="mb-1 block font-semibold">
        Your API
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          className="input mono"
          type="text"
          inputMode="url"
          placeholder="https://api.example.com"
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== null}
          aria-describedby={`${id}-note`}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="btn primary">
          Use it
        </button>
      </div>
      <p
        id={`${id}-note`}
        className={problem === null ? 'mt-1 text-sm text-muted' : 'mt-1 text-sm text-error'}
      >
        {problem === null
          ? 'Larder then forwards to it what it has not stored. You can change it in Settings.'
          : `It ${problem}.`}
      </p>
    </form>
  );
}
