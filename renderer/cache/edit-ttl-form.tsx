/** How long one stored response is to stay fresh from now on. */
import type { Ref } from 'react';
import { useId, useState } from 'react';
import { formatDateTime, formatDurationWords } from '../../shared/format';
import { LONGEST_EDITED_TTL_SECONDS } from '../../shared/ipc/cache-limits';
import { useNow } from '../app/use-now';
import { editTtl } from './cache-actions';
import { DialogButtons } from './cache-dialog-buttons';
import type { TtlSubject } from './cache-dialogs';
import { closeCacheDialog } from './cache-dialogs';

const PRESETS: readonly (readonly [word: string, seconds: number])[] = [
  ['1 min', 60],
  ['5 min', 300],
  ['1 h', 3600],
  ['1 day', 86_400],
  ['Expire now', 0],
];

interface EditTtlFormProps {
  readonly entry: TtlSubject;
  readonly fieldRef: Ref<HTMLInputElement>;
}

export function EditTtlForm({ entry, fieldRef }: EditTtlFormProps) {
  const now = useNow();
  const left = Math.ceil((entry.expiresAt - now) / 1000);
  const [text, setText] = useState('300');
  const seconds = /^\d+$/.test(text.trim()) ? Number(text) : null;
  const problem = seconds === null || seconds > LONGEST_EDITED_TTL_SECONDS;
  const fieldId = useId();
  const submit = () => {
    if (seconds === null || problem) return;
    closeCacheDialog();
    void editTtl(entry.id, seconds);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className="mono wrap-anywhere select-text">{entry.url}</p>
      <p className="mt-1 text-sm text-muted">
        {left > 0
          ? `Fresh for another ${formatDurationWords(left)}.`
          : `Expired ${formatDurationWords(-left)} ago.`}
      </p>
      <Presets seconds={seconds} onPick={(preset) => setText(String(preset))} />
      <label htmlFor={fieldId} className="mt-3 mb-1 block font-medium">
        Seconds from now
      </label>
      <input
        id={fieldId}
        ref={fieldRef}
        type="number"
        className="input"
        style={{ width: 160 }}
        min={0}
        max={LONGEST_EDITED_TTL_SECONDS}
        step={1}
        value={text}
        aria-invalid={problem}
        aria-describedby={`${fieldId}-words`}
        onChange={(event) => setText(event.target.value)}
      />
      <p
        id={`${fieldId}-words`}
        role="status"
        className={problem ? 'mt-1 text-sm text-error' : 'mt-1 text-sm text-muted'}
      >
        {ttlWords(problem ? null : seconds, now)}
      </p>
      <DialogButtons>
        <button type="submit" className="btn primary" disabled={problem}>
          {seconds === 0 ? 'Expire now' : 'Set TTL'}
        </button>
      </DialogButtons>
    </form>
  );
}

interface PresetsProps {
  readonly seconds: number | null;
  readonly onPick: (seconds: number) => void;
}

function Presets({ seconds, onPick }: PresetsProps) {
  return (
    <div role="group" aria-label="Presets" className="mt-4 flex flex-wrap gap-1.5">
      {PRESETS.map(([word, preset]) => (
        <button
          key={word}
          type="button"
          className="chip"
          aria-pressed={seconds === preset}
          onClick={() => onPick(preset)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

function ttlWords(seconds: number | null, now: number): string {
  if (seconds === null) return 'A whole number of seconds, from 0 to 366 days.';
  if (seconds === 0) return 'The next request for it asks the origin.';
  return `${formatDurationWords(seconds)}: until ${formatDateTime(now + seconds * 1000)}`;
}
