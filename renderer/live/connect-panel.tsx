/** What to paste where, and the one field that asks for the real origin. */
import { Tabs } from '@base-ui/react/tabs';
import { Copy } from 'lucide-react';
import type { FormEvent } from 'react';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { originProblem } from '../../shared/settings';
import { copyText, saveChange } from '../app/engine-actions';
import { engineStore } from '../state/engine-store';
import { isString, recall, remember } from '../state/remembered';
import { windowStore } from '../state/window-store';
import type { ConnectSnippet } from './connect-snippets';
import { connectSnippets } from './connect-snippets';

export function ConnectPanel() {
  const url = useStore(engineStore, ({ status, settings }) =>
    status?.listen.kind === 'listening' ? status.listen.url : `http://localhost:${settings?.port ?? 3000}`,
  );
  const snippets = connectSnippets(url);
  const [shown, setShown] = useState<string>(() => recall('connect-tab', '.env', isString));
  const known = snippets.some(({ title }) => title === shown) ? shown : '.env';
  return (
    <Tabs.Root
      value={known}
      onValueChange={(title: string) => {
        setShown(title);
        remember('connect-tab', title);
      }}
    >
      <Tabs.List className="connect-tabs" aria-label="What your app is built with">
        {snippets.map(({ title }) => (
          <Tabs.Tab key={title} value={title} className="connect-tab">
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map((snippet) => (
        <Tabs.Panel key={snippet.title} value={snippet.title} className="connect-snippet">
          <Snippet snippet={snippet} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function Snippet({ snippet: { title, file, text } }: { readonly snippet: ConnectSnippet }) {
  return (
    <>
      <pre className="mono select-text" tabIndex={0} aria-label={`For ${title}`}>
        {text}
      </pre>
      <div className="connect-snippet-foot">
        <span className="min-w-0 truncate">{file === null ? placeWithoutFile(title) : file}</span>
        <button
          type="button"
          className="btn small"
          aria-label={`Copy for ${title}`}
          onClick={() => void copyText(text, `the text for ${title}`)}
        >
          <Copy aria-hidden />
          Copy
        </button>
      </div>
    </>
  );
}

const placeWithoutFile = (title: string) => (title === 'curl' ? 'in a terminal' : 'in your code');

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
      <div className="flex flex-wrap gap-2">
        <input
          id={id}
          className="input mono min-w-40 flex-1"
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
