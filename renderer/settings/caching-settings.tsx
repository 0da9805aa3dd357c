/** How long responses stay fresh, and which are stored. */
import { formatDurationWords } from '../../shared/format';
import type { Policy } from '../../shared/settings';
import { DEFAULT_TTL_SECONDS } from '../../shared/settings';
import type { Choice } from './choice-setting';
import { ChoiceSetting } from './choice-setting';
import { MoreSettings } from './more-settings';
import { TextSetting, useDraft } from './setting-field';
import { edit } from './settings-form';

const POLICY_CHOICES: readonly Choice<Policy>[] = [
  {
    value: 'override',
    label: 'Override',
    note: 'The TTL rules, whatever the origin says about caching. For development.',
  },
  {
    value: 'respect',
    label: 'Respect',
    note: 'The origin’s Cache-Control rules, as RFC 9111 has it. The TTL only counts where the origin says nothing.',
  },
];

const STORED_FIELDS = ['maxBodyMiB', 'credentialCookies'] as const;

export function CachingSettings() {
  const policy = useDraft('policy');
  return (
    <section className="settings-section" aria-labelledby="settings-caching">
      <h2 id="settings-caching">Caching</h2>
      <TtlSetting />
      <ChoiceSetting
        label="Policy"
        field="policy"
        choices={POLICY_CHOICES}
        value={policy}
        onChange={(value) => edit('policy', value)}
      />
      <ErrorTtlSetting />
      <MoreSettings title="What is stored" fields={STORED_FIELDS}>
        <TextSetting
          field="maxBodyMiB"
          label="Largest body"
          kind="number"
          width="max-w-28"
          unit="MiB"
          note="Larger ones go through without being stored."
        />
        <TextSetting
          field="credentialCookies"
          label="User cookies"
          mono
          rows={4}
          width="max-w-80"
          note="Patterns of cookie names that tell users apart, one a line; ! excludes, and the last that matches decides. Only with Override."
        />
      </MoreSettings>
    </section>
  );
}

const COMMON_TTLS = [
  { seconds: '60', label: '1 min' },
  { seconds: '300', label: '5 min' },
  { seconds: '3600', label: '1 h' },
  { seconds: '86400', label: '1 day' },
] as const;

function TtlSetting() {
  const text = (useDraft('ttlSeconds') ?? '').trim();
  const policy = useDraft('policy') ?? 'override';
  return (
    <TextSetting
      field="ttlSeconds"
      label="TTL (seconds)"
      kind="number"
      width="max-w-28"
      placeholder={policy === 'override' ? String(DEFAULT_TTL_SECONDS) : 'none'}
      unit="s"
      action={
        <div role="group" aria-label="Common TTLs" className="flex flex-wrap gap-1">
          {COMMON_TTLS.map(({ seconds, label }) => (
            <button
              key={seconds}
              type="button"
              className="chip"
              aria-pressed={text === seconds}
              onClick={() => edit('ttlSeconds', seconds)}
            >
              {label}
            </button>
          ))}
        </div>
      }
      note={ttlNote(text, policy)}
    />
  );
}

function ttlNote(text: string, policy: Policy): string {
  if (text === '') {
    return policy === 'override'
      ? `Empty: ${formatDurationWords(DEFAULT_TTL_SECONDS)}, the default.`
      : 'Empty: nothing is fresh without the origin’s word.';
  }
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) return 'How long a stored response stays fresh.';
  if (seconds === 0) return 'Nothing stays fresh: every request goes to the origin.';
  return `A stored response stays fresh for ${formatDurationWords(seconds)}.`;
}

/** Called a lifetime, so that whoever looks for the TTL finds one field only. */
function ErrorTtlSetting() {
  const text = (useDraft('errorTtlSeconds') ?? '').trim();
  const policy = useDraft('policy') ?? 'override';
  return (
    <TextSetting
      field="errorTtlSeconds"
      label="Error lifetime (seconds)"
      kind="number"
      width="max-w-28"
      unit="s"
      placeholder="none"
      note={errorTtlNote(text, policy)}
    />
  );
}

function errorTtlNote(text: string, policy: Policy): string {
  if (policy === 'respect') return 'Not used: with Respect the origin’s word counts for errors too.';
  if (text === '') return 'Empty: errors (4xx, 5xx) are not stored.';
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0) return 'How long a stored error (4xx, 5xx) stays fresh.';
  if (seconds === 0) return 'Errors (4xx, 5xx) are not stored.';
  return `A stored error (4xx, 5xx) stays fresh for ${formatDurationWords(seconds)}.`;
}
