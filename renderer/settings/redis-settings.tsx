/** Redis: which one, how to log in, what of it is ours, and whether it answers. */
import { useStore } from 'zustand';
import type { NearCacheStatus } from '../../shared/engine-status';
import { formatMebibytes, formatPlural } from '../../shared/format';
import type { RedisMode } from '../../shared/settings';
import { engineStore } from '../state/engine-store';
import { NodesSetting } from './nodes-setting';
import { RedisConnection } from './redis-connection';
import { RedisLogin, useHasRedisUrl } from './redis-login';
import type { Segment } from './segment-setting';
import { SegmentSetting } from './segment-setting';
import { SettingLine, TextSetting, useDraft } from './setting-field';
import { edit, settingsForm, testRedis } from './settings-form';
import { TestResult } from './test-result';

const MODES: readonly Segment<RedisMode>[] = [
  { value: 'standalone', label: 'Standalone' },
  { value: 'sentinel', label: 'Sentinel' },
  { value: 'cluster', label: 'Cluster' },
];

const MODE_NOTES: Readonly<Record<RedisMode, string>> = {
  standalone: 'One server.',
  sentinel: 'Sentinels say which server is the master, also when it changes.',
  cluster: 'The keys are spread over several servers.',
};

export function RedisSettings() {
  const mode = useDraft('redisMode') ?? 'standalone';
  return (
    <>
      <SegmentSetting
        label="Mode"
        field="redisMode"
        segments={MODES}
        value={mode}
        note={MODE_NOTES[mode]}
        onChange={(value) => edit('redisMode', value)}
      />
      {mode === 'standalone' ? <Server /> : <NodesSetting />}
      {mode === 'sentinel' && (
        <TextSetting
          field="redisMasterName"
          label="Master name"
          mono
          width="max-w-48"
          note="What the sentinels call it."
        />
      )}
      <RedisLogin />
      <TextSetting
        field="redisUrl"
        label="Redis URL"
        mono
        placeholder="rediss://cache.example.com:6380"
        note={
          mode === 'standalone'
            ? 'redis://, rediss:// or unix:, instead of host, port, user name, database and TLS.'
            : 'Instead of user name, database and TLS.'
        }
      />
      <TestConnection />
      <TextSetting
        field="redisKeyPrefix"
        label="Key prefix"
        mono
        width="max-w-48"
        note="Larder touches only keys that begin with it."
      />
      <NearCache />
      <RedisConnection />
    </>
  );
}

function Server() {
  const unused = useHasRedisUrl() ? { note: 'Not used: the Redis URL wins.' } : {};
  return (
    <>
      <TextSetting field="redisHost" label="Redis host" mono width="max-w-80" {...unused} />
      <TextSetting field="redisPort" label="Redis port" mono width="max-w-28" {...unused} />
    </>
  );
}

function NearCache() {
  const near = useStore(engineStore, ({ status }) => status?.store.nearCache ?? null);
  return (
    <TextSetting
      field="redisNearCacheMiB"
      label="Near cache"
      kind="number"
      width="max-w-28"
      unit="MiB"
      note={`What is asked for most is held in memory too. 0: off.${nearText(near)}`}
    />
  );
}

function nearText(near: NearCacheStatus | null): string {
  if (near === null || near.state === 'off') return '';
  if (near.state === 'resting') return ' Resting: Redis does not tell of changes just now.';
  return ` Now: ${formatPlural(near.entries, 'response')}, ${formatMebibytes(near.bytes)} MiB.`;
}

function TestConnection() {
  const test = useStore(settingsForm, (state) => state.redisTest);
  return (
    <SettingLine label="">
      <button type="button" className="btn" disabled={test === 'running'} onClick={() => void testRedis()}>
        Test connection
      </button>
      <div className="text-sm text-muted">
        <TestResult test={test} />
      </div>
    </SettingLine>
  );
}
