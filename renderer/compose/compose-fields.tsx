import { ClipboardPaste, Plus, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ClipboardEvent, type RefObject } from 'react';
import { composedFieldProblem, MOST_FIELDS, parseFieldLines } from '../../shared/composed-request';
import type { FieldLines } from '../../shared/exchange-summary';
import { changeDraft } from '../state/compose-store';

const COMMON_NAMES =
  'Accept Accept-Encoding Accept-Language Authorization Cache-Control Content-Type Cookie If-Modified-Since ' +
  'If-None-Match Origin Range User-Agent';

/** The fields as rows: name, value, remove. */
export function ComposeFields({ fields }: { readonly fields: FieldLines }) {
  const [pasting, setPasting] = useState(false);
  const namesId = useId();
  const full = fields.length >= MOST_FIELDS;
  return (
    <fieldset className="compose-fields">
      <legend>Fields</legend>
      {fields.map((field, index) => (
        // Rows have no other identity: two may be the same.
        <FieldRow key={index} index={index} field={field} fields={fields} namesId={namesId} />
      ))}
      <datalist id={namesId}>
        {COMMON_NAMES.split(' ').map((name) => (
          <option key={name}>{name}</option>
        ))}
      </datalist>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="btn small"
          disabled={full}
          onClick={() => changeDraft({ fields: [...fields, ['', '']] })}
        >
          <Plus aria-hidden />
          Add field
        </button>
        <button
          type="button"
          className="btn ghost small"
          aria-expanded={pasting}
          onClick={() => setPasting(!pasting)}
        >
          <ClipboardPaste aria-hidden />
          Paste fields…
        </button>
      </div>
      {pasting && <PasteBox fields={fields} onDone={() => setPasting(false)} />}
    </fieldset>
  );
}

/** What a button has just added takes the focus. */
function useFocusWhenNew<E extends HTMLElement>(isNew: boolean): RefObject<E | null> {
  const ref = useRef<E>(null);
  const wasNew = useRef(isNew);
  useEffect(() => {
    if (wasNew.current) ref.current?.focus();
  }, []);
  return ref;
}

interface FieldRowProps {
  readonly index: number;
  readonly field: readonly [string, string];
  readonly fields: FieldLines;
  readonly namesId: string;
}

function FieldRow({ index, field: [name, value], fields, namesId }: FieldRowProps) {
  const id = useId();
  const nameRef = useFocusWhenNew<HTMLInputElement>(name === '' && value === '');
  const change = (line: readonly [string, string]) =>
    changeDraft({ fields: fields.map((other, at) => (at === index ? line : other)) });
  const problem = name === '' && value === '' ? null : composedFieldProblem(name.trim(), value);
  // A block of fields pasted into a name becomes as many rows.
  const onPaste = (event: ClipboardEvent) => {
    const { fields: pasted, problem: wrong } = parseFieldLines(event.clipboardData.getData('text/plain'));
    if (pasted.length === 0 || wrong !== null) return;
    event.preventDefault();
    changeDraft({ fields: [...fields.slice(0, index), ...pasted, ...fields.slice(index + 1)] });
  };
  const number = index + 1;
  return (
    <div className="compose-field">
      <input
        aria-label={`Name of field ${number}`}
        className="input mono"
        type="text"
        list={namesId}
        placeholder="Name"
        value={name}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        ref={nameRef}
        onPaste={onPaste}
        onChange={(event) => change([event.target.value, value])}
      />
      <input
        aria-label={`Value of field ${number}`}
        className="input mono"
        type="text"
        placeholder="Value"
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change([name, event.target.value])}
      />
      <button
        type="button"
        className="btn ghost icon"
        aria-label={`Remove field ${number}${name === '' ? '' : `: ${name}`}`}
        onClick={() => changeDraft({ fields: fields.filter((_line, other) => other !== index) })}
      >
        <X aria-hidden />
      </button>
      {problem !== null && (
        <p id={`${id}-problem`} className="compose-problem">
          {problem}
        </p>
      )}
    </div>
  );
}

function PasteBox({ fields, onDone }: { readonly fields: FieldLines; readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const boxRef = useFocusWhenNew<HTMLTextAreaElement>(true);
  const { fields: pasted, problem } = parseFieldLines(text);
  return (
    <div className="mt-2">
      <textarea
        aria-label="Fields to paste"
        className="input mono"
        rows={4}
        placeholder={'Accept: application/json\nAccept-Language: de'}
        value={text}
        spellCheck={false}
        ref={boxRef}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="btn small"
          disabled={pasted.length === 0}
          onClick={() => {
            changeDraft({ fields: [...fields, ...pasted].slice(0, MOST_FIELDS) });
            onDone();
          }}
        >
          {pasted.length === 1 ? 'Add 1 field' : `Add ${pasted.length} fields`}
        </button>
        {problem !== null && <span className="text-sm wrap-anywhere text-error">{problem}</span>}
      </div>
    </div>
  );
}
