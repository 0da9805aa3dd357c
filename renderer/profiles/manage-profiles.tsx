/** All profiles: rename, duplicate, delete. What is deleted is asked about in its own line. */
import { Copy, Pencil, Plus, Trash2 } from 'lucide-react';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import type { ProfileView } from '../../shared/profiles';
import { problemText } from '../settings/setting-field';
import { ProfileTarget } from './profile-menu';
import {
  deleteProfile,
  duplicateProfile,
  openNewProfile,
  profilesStore,
  renameProfile,
} from './profiles-store';

type Doing = { readonly id: string; readonly what: 'rename' | 'delete' } | null;

export function ManageProfiles() {
  const list = useStore(profilesStore, (state) => state.list);
  const [doing, setDoing] = useState<Doing>(null);
  const listRef = useRef<HTMLUListElement>(null);
  const newRef = useRef<HTMLButtonElement>(null);
  if (list === null) return null;
  // The focus goes back to the row; where that is deleted, to the next thing to do.
  const done = () => {
    const id = doing?.id ?? '';
    flushSync(() => setDoing(null));
    const row = listRef.current?.querySelector<HTMLElement>(`[data-profile="${CSS.escape(id)}"] button`);
    (row ?? newRef.current)?.focus();
  };
  return (
    <>
      <ul ref={listRef} className="profile-list" aria-label="Profiles">
        {list.profiles.map((profile) => {
          const what = doing?.id === profile.id ? doing.what : null;
          return (
            <li key={profile.id} className="profile-row" data-profile={profile.id}>
              {what === 'rename' ? (
                <Rename profile={profile} done={done} />
              ) : (
                <ProfileLine
                  profile={profile}
                  isActive={profile.id === list.active}
                  isOnly={list.profiles.length === 1}
                  start={(next) => setDoing({ id: profile.id, what: next })}
                />
              )}
              {what === 'delete' && (
                <ConfirmDelete profile={profile} isActive={profile.id === list.active} done={done} />
              )}
            </li>
          );
        })}
      </ul>
      <button type="button" className="btn mt-4" ref={newRef} onClick={openNewProfile}>
        <Plus aria-hidden />
        New profile…
      </button>
    </>
  );
}

interface ProfileLineProps {
  readonly profile: ProfileView;
  readonly isActive: boolean;
  readonly isOnly: boolean;
  readonly start: (what: 'rename' | 'delete') => void;
}

function ProfileLine({ profile, isActive, isOnly, start }: ProfileLineProps) {
  const { id, name } = profile;
  return (
    <div className="flex items-center gap-1">
      <div className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{name}</span>
          {isActive && <span className="text-sm text-hit">Active</span>}
        </span>
        <ProfileTarget profile={profile} />
      </div>
      <RowButton label={`Rename ${name}`} onClick={() => start('rename')} icon={<Pencil aria-hidden />} />
      <RowButton
        label={`Duplicate ${name}`}
        onClick={() => void duplicateProfile(id)}
        icon={<Copy aria-hidden />}
      />
      <RowButton
        label={`Delete ${name}`}
        title={isOnly ? 'The only profile cannot be deleted' : `Delete ${name}`}
        disabled={isOnly}
        onClick={() => start('delete')}
        icon={<Trash2 aria-hidden />}
      />
    </div>
  );
}

interface RowButtonProps {
  readonly label: string;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}

function RowButton({ label, title = label, disabled = false, icon, onClick }: RowButtonProps) {
  return (
    <button
      type="button"
      className="btn ghost icon small"
      aria-label={label}
      title={title}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}

interface DoingProps {
  readonly profile: ProfileView;
  readonly done: () => void;
}

function Rename({ profile: { id, name }, done }: DoingProps) {
  const [text, setText] = useState(name);
  const [problem, setProblem] = useState<string | null>(null);
  const inputRef = useRef<HTMLInputElement>(null);
  useEffect(() => inputRef.current?.select(), []);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = await renameProfile(id, text);
    if (wrong === null) done();
    else setProblem(wrong);
  };
  const stop = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    done();
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <div className="flex items-center gap-2">
        <input
          ref={inputRef}
          className="input"
          aria-label={`Name of ${name}`}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          value={text}
          spellCheck={false}
          onKeyDown={stop}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
        />
        <button type="submit" className="btn primary">
          Rename
        </button>
        <button type="button" className="btn" onClick={done}>
          Cancel
        </button>
      </div>
      <p id={`${id}-problem`} className="mt-1 text-sm text-error empty:hidden">
        {problem !== null && problemText('Name', problem)}
      </p>
    </form>
  );
}

function ConfirmDelete({ profile, isActive, done }: DoingProps & { readonly isActive: boolean }) {
  const remove = async () => {
    await deleteProfile(profile);
    done();
  };
  const keepRef = useRef<HTMLButtonElement>(null);
  useEffect(() => keepRef.current?.focus(), []);
  const where = profile.store === 'redis' ? ', also what it keeps in Redis' : '';
  return (
    <div role="alert" className="profile-confirm">
      <p className="min-w-0 flex-1 text-pretty">
        Its settings and its cache go for good{where}.
        {isActive && ' It is active: another profile takes over first.'}
      </p>
      <button ref={keepRef} type="button" className="btn" onClick={done}>
        Keep
      </button>
      <button type="button" className="btn danger" onClick={() => void remove()}>
        Delete profile
      </button>
    </div>
  );
}
