/** Memory or Redis, and what each needs. */
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { StoreKind } from '../../shared/settings';
import { engineStore } from '../state/engine-store';
import type { Choice } from './choice-setting';
import { ChoiceSetting } from './choice-setting';
import { SettingLine, TextSetting, useDraft } from './setting-field';
import { edit, editRedisPassword, settingsForm, testRedis } from './settings-form';
import { TestResult } from './test-result';

const STORE_CHOICES: readonly Choice<StoreKind>[] = [
  { value: 'memory', label: 'Memory', note: 'The fastest. Empty again when Larder quits.' },
  { value: 'redis', label: 'Redis', note: 'Outlives Larder, and can be shared between machines.' },
];

export function StoreSettings() {
  const store = useDraft('store');
  return (
    <section className="settings-section" aria-labelledby="settings-store">
      <h2 id="settings-store">Storage</h2>
      <ChoiceSetting
        label="Store"
        field="store"
        choices={STORE_CHOICES}
        value={store}
        onChange={(value) => edit('store', value)}
      />
      {store === 'redis' ? <RedisSettings /> : <MemorySettings />}
    </section>
  );
}

function MemorySettings() {
  return (
    <TextSetting
      field="maxMemoryMiB"
      label="Memory budget"
      kind="number"
      width="max-w-28"
      unit="MiB"
      note="When it is full, what was used longest ago goes first."
    />
  );
}

function RedisSettings() {
  const hasUrl = (useDraft('redisUrl') ?? '').trim() !== '';
  const test = useStore(settingsForm, (state) => state.redisTest);
  return (
    <>
      <TextSetting
        field="redisHost"
        label="Redis host"
        mono
        {...(hasUrl ? { note: 'Not used: the Redis URL wins.' } : {})}
      />
      <TextSetting field="redisPort" label="Redis port" mono width="max-w-28" />
      <RedisPassword />
      <TextSetting
        field="redisUrl"
        label="Redis URL"
        mono
        placeholder="rediss://cache.example.com:6380"
        note="Instead of host and port; rediss:// is encrypted."
      />
      <TextSetting
        field="redisKeyPrefix"
        label="Key prefix"
        mono
        width="max-w-48"
        note="Larder touches only keys that begin with it."
      />
      <SettingLine label="">
        <button type="button" className="btn" disabled={test === 'running'} onClick={() => void testRedis()}>
          Test connection
        </button>
        <div className="text-sm text-muted">
          <TestResult test={test} />
        </div>
      </SettingLine>
    </>
  );
}

/** A text field whose characters are dots: so that it is found as a textbox. */
function RedisPassword() {
  const id = useId();
  const [shown, setShown] = useState(false);
  const password = useStore(settingsForm, (state) => state.redisPassword);
  const has = useStore(engineStore, ({ info }) => info?.hasRedisPassword ?? false);
  const canStore = useStore(engineStore, ({ info }) => info?.canStoreSecrets ?? true);
  const isKept = has && password === undefined;
  return (
    <SettingLine label="Redis password" labelFor={id}>
      <div className="flex items-center gap-2">
        <input
          id={id}
          type="text"
          className={`input mono ${shown ? '' : 'secret'}`}
          value={password ?? ''}
          placeholder={isKept ? 'set; type to replace it' : 'none'}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-note`}
          onChange={(event) => editRedisPassword(event.target.value === '' ? undefined : event.target.value)}
        />
        <button type="button" className="btn" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Show'}
        </button>
        {isKept && (
          <button type="button" className="btn" onClick={() => editRedisPassword(null)}>
            Remove
          </button>
        )}
      </div>
      <p id={`${id}-note`} className="mt-1 text-sm text-muted">
        {password === null && 'Will be removed when you save. '}
        {canStore
          ? 'Kept in the system’s keychain, never in the settings file.'
          : 'This system has no keychain: it is used until Larder quits, and not saved.'}
      </p>
    </SettingLine>
  );
}
