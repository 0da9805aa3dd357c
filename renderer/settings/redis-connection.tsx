/** How Larder talks to Redis: seldom changed, so out of sight until asked for, or wrong. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { TextSetting } from './setting-field';
import type { DraftField } from './settings-draft';
import { settingsForm } from './settings-form';

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
  const [open, setOpen] = useState(false);
  const wrong = useStore(settingsForm, ({ problems }) => FIELDS.some((field) => field in problems));
  const isOpen = open || wrong;
  return (
    <div className="setting-more">
      <button
        type="button"
        className="setting-more-head"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight aria-hidden />
        Connection
      </button>
      {isOpen && (
        <div className="pt-3">
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
        </div>
      )}
    </div>
  );
}
