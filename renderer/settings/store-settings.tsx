/** Memory or Redis, what each needs, and how what is stored is compressed. */
import type { StoreKind } from '../../shared/settings';
import type { Choice } from './choice-setting';
import { ChoiceSetting } from './choice-setting';
import { MemorySettings } from './memory-settings';
import { RedisSettings } from './redis-settings';
import type { Segment } from './segment-setting';
import { SegmentSetting } from './segment-setting';
import { useDraft } from './setting-field';
import { edit } from './settings-form';

const STORE_CHOICES: readonly Choice<StoreKind>[] = [
  { value: 'memory', label: 'Memory', note: 'The fastest. On this machine, for this Larder.' },
  { value: 'redis', label: 'Redis', note: 'Can be shared between machines, by a team.' },
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
      <CompressionSetting />
    </section>
  );
}

const LEVELS: readonly Segment<string>[] = [
  { value: '0', label: 'Off' },
  { value: '1', label: 'Fast' },
  { value: '6', label: 'Balanced' },
  { value: '9', label: 'Small' },
];

function CompressionSetting() {
  const level = useDraft('compressionLevel') ?? '6';
  const isNamed = LEVELS.some(({ value }) => value === level);
  return (
    <SegmentSetting
      label="Compression"
      field="compressionLevel"
      segments={isNamed ? LEVELS : [...LEVELS, { value: level, label: `Level ${level}` }]}
      value={level}
      note={
        level === '0'
          ? 'Bodies are kept as they came.'
          : `Text from 1 KiB on is kept as gzip, level ${level}. Your app gets the origin’s bytes.`
      }
      onChange={(value) => edit('compressionLevel', value)}
    />
  );
}
