/** How to log in to Redis: user name, password, database, encryption. */
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { engineStore } from '../state/engine-store';
import { CheckSetting } from './check-setting';
import { SettingLine, TextSetting, useDraft } from './setting-field';
import { editRedisPassword, settingsForm } from './settings-form';

export const useHasRedisUrl = () => (useDraft('redisUrl') ?? '').trim() !== '';

/** What a Redis URL says as well stands only where there is none. */
export function RedisLogin() {
  const hasUrl = useHasRedisUrl();
  const isCluster = useDraft('redisMode') === 'cluster';
  const isSecure = /^rediss:/i.test((useDraft('redisUrl') ?? '').trim());
  const tls = useDraft('redisTls') ?? false;
  return (
    <>
      {!hasUrl && (
        <TextSetting field="redisUsername" label="User name" mono width="max-w-48" placeholder="default" />
      )}
      <RedisPassword />
      {!hasUrl && !isCluster && (
        <TextSetting field="redisDatabase" label="Database" kind="number" width="max-w-28" />
      )}
      {(!hasUrl || isSecure) && (
        <SettingLine label="Encryption" field="redisTls">
          {!hasUrl && <CheckSetting field="redisTls" label="Connect with TLS" />}
          {(isSecure || (!hasUrl && tls)) && (
            <CheckSetting
              field="redisAcceptSelfSigned"
              label="Accept a self-signed certificate"
              note="Only for a Redis of your own: anyone on the way could then pretend to be it."
            />
          )}
        </SettingLine>
      )}
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
  const source = useStore(engineStore, ({ info }) => info?.overridden['redis.password']);
  const isKept = has && password === undefined;
  return (
    <SettingLine label="Redis password" labelFor={id}>
      <div className="flex flex-wrap items-center gap-2">
        <input
          id={id}
          type="text"
          className={`input mono max-w-80 ${shown ? '' : 'secret'}`}
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
        {source !== undefined && password === undefined && `${source} gives it for now. `}
        {password === null && 'Will be removed when you save. '}
        {canStore
          ? 'Kept in the system’s keychain, never in the settings file.'
          : 'This system has no keychain: it is used until Larder quits, and not saved.'}
      </p>
    </SettingLine>
  );
}
