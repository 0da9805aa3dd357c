/** How Larder talks to Redis. */
import { MoreSettings } from './more-settings';
import { TextSetting } from './setting-field';
import type { DraftField } from './settings-draft';

const FIELDS = [
  'redisPoolSize',
  'redisConnectTimeoutMs',
  'redisCommandTimeoutMs',
  'redisWriteTimeoutMs',
  'redisRetryMinMs',
  'redisRetryMaxMs',
] as const satisfies readonly DraftField[];

const MILLISECONDS = { kind: 'number', width: 'max-w-28', unit: 'ms' } as const;

export function RedisConnection() {
  return (
    <MoreSettings title="Connection" fields={FIELDS}>
      <TextSetting
        field="redisPoolSize"
        label="Connections"
        kind="number"
        width="max-w-28"
        note="So that a large body does not hold up a small one; with a cluster, to each node."
      />
      <TextSetting field="redisConnectTimeoutMs" label="Time to connect" {...MILLISECONDS} />
      <TextSetting
        field="redisCommandTimeoutMs"
        label="Time to answer"
        {...MILLISECONDS}
        note="How long a request waits for Redis. Then it goes to the origin."
      />
      <TextSetting
        field="redisWriteTimeoutMs"
        label="Time to write"
        {...MILLISECONDS}
        note="For storing, listing and clearing, for which no request waits."
      />
      <TextSetting
        field="redisRetryMinMs"
        label="Shortest pause"
        {...MILLISECONDS}
        note="Before connecting anew. It doubles with every attempt, up to the longest."
      />
      <TextSetting field="redisRetryMaxMs" label="Longest pause" {...MILLISECONDS} />
    </MoreSettings>
  );
}
