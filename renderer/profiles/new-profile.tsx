/** What a new profile needs to begin with; all else has defaults. */
import { Dialog } from '@base-ui/react/dialog';
import type { FormEvent, RefObject } from 'react';
import { useId, useRef, useState } from 'react';
import { problemText } from '../settings/setting-field';
import { activeProfile, createProfile, profilesStore, type NewProfileForm } from './profiles-store';

type Field = keyof NewProfileForm;
type Problems = Readonly<Record<string, string>>;

const LABELS: Readonly<Record<Field, string>> = { name: 'Name', origin: 'Origin', port: 'Port' };

export function NewProfile({ nameRef }: { readonly nameRef: RefObject<HTMLInputElement | null> }) {
  const formRef = useRef<HTMLFormElement>(null);
  const [form, setForm] = useState<NewProfileForm>(() => ({
    name: '',
    origin: '',
    port: String(activeProfile(profilesStore.getState())?.port ?? ''),
  }));
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const change = (field: Field, value: string) => {
    setForm((before) => ({ ...before, [field]: value }));
    setProblems(({ [field]: _solved, other: _other, ...rest }) => rest);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const wrong = await createProfile(form);
    setBusy(false);
    if (wrong === null) return;
    setProblems(wrong);
    const [first] = Object.keys(wrong);
    formRef.current?.querySelector<HTMLElement>(`[name="${first ?? ''}"]`)?.focus();
  };
  const props = { form, problems, change };
  return (
    <form ref={formRef} noValidate onSubmit={(event) => void submit(event)}>
      <p className="mb-4 text-pretty text-muted">
        A profile is a proxy of its own: its settings and its cache. One is active at a time.
      </p>
      <ProfileField field="name" {...props} inputRef={nameRef} placeholder="Staging" />
      <ProfileField
        field="origin"
        {...props}
        placeholder="https://staging.example.com"
        note="Empty: the built-in demo API."
        mono
      />
      <ProfileField
        field="port"
        {...props}
        note="May be the same as another’s: only the active one listens."
      />
      {problems['other'] !== undefined && <p className="text-sm text-error">{problems['other']}</p>}
      <div className="mt-5 flex justify-end gap-2">
        <Dialog.Close className="btn">Cancel</Dialog.Close>
        <button type="submit" className="btn primary" disabled={busy}>
          Create and switch to it
        </button>
      </div>
    </form>
  );
}

interface ProfileFieldProps {
  readonly field: Field;
  readonly form: NewProfileForm;
  readonly problems: Problems;
  readonly change: (field: Field, value: string) => void;
  readonly placeholder?: string;
  readonly note?: string;
  readonly mono?: boolean;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
}

function ProfileField(props: ProfileFieldProps) {
  const { field, form, problems, change, placeholder, note, mono, inputRef } = props;
  const id = useId();
  const label = LABELS[field];
  const problem = problems[field];
  return (
    <div className="profile-field">
      <label htmlFor={id} className="setting-label">
        {label}
      </label>
      <div className="min-w-0">
        <input
          ref={inputRef}
          id={id}
          name={field}
          type={field === 'port' ? 'number' : 'text'}
          className={`input ${mono === true ? 'mono' : ''} ${field === 'port' ? 'max-w-28' : ''}`}
          value={form[field]}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => change(field, event.target.value)}
        />
        <div id={`${id}-note`}>
          {problem !== undefined && <p className="mt-1 text-sm text-error">{problemText(label, problem)}</p>}
          {note !== undefined && <p className="mt-1 text-sm text-pretty text-muted">{note}</p>}
        </div>
      </div>
    </div>
  );
}
