/** The sentinels, or the nodes of a cluster: one a line. */
import { useId } from 'react';
import { useStore } from 'zustand';
import { FieldNotes, SettingLine, useDraft } from './setting-field';
import { checkField, edit, settingsForm } from './settings-form';

const FEWEST_LINES = 3;
const MOST_LINES = 8;

export function NodesSetting() {
  const id = useId();
  const value = useDraft('redisNodes') ?? '';
  const isSentinel = useDraft('redisMode') === 'sentinel';
  const problem = useStore(settingsForm, ({ problems }) => problems.redisNodes);
  const host = useDraft('redisHost') ?? '';
  const port = useDraft('redisPort') ?? '';
  const label = isSentinel ? 'Sentinels' : 'Nodes';
  const alone = value.trim() === '' ? ` Empty: ${host}:${port} alone.` : '';
  return (
    <SettingLine label={label} labelFor={id} field="redisNodes">
      <textarea
        id={id}
        name="redisNodes"
        rows={Math.min(MOST_LINES, Math.max(FEWEST_LINES, value.split('\n').length))}
        className="input mono max-w-80"
        value={value}
        placeholder={isSentinel ? '10.0.0.1:26379\n10.0.0.2:26379' : '10.0.0.1:6379\n10.0.0.2:6379'}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => edit('redisNodes', event.target.value)}
        onBlur={() => checkField('redisNodes')}
      />
      <FieldNotes
        id={`${id}-note`}
        field="redisNodes"
        label={label}
        note={`One host:port a line. ${isSentinel ? 'The first that answers is asked.' : 'A few are enough: they know the others.'}${alone}`}
      />
    </SettingLine>
  );
}
