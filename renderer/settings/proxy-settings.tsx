/** Origin, port, TTL, TTL of errors and policy. */
import { useStore } from 'zustand';
import { formatDurationWords } from '../../shared/format';
import type { Policy } from '../../shared/settings';
import { DEFAULT_TTL_SECONDS } from '../../shared/settings';
import type { Choice } from './choice-setting';
import { ChoiceSetting } from './choice-setting';
import { TextSetting, useDraft } from './setting-field';
import { edit, saveForm, settingsForm, testOrigin } from './settings-form';
import { TestResult } from './test-result';

export function ProxySettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-proxy">
      <h2 id="settings-proxy">Proxy</h2>
      <OriginSetting />
      <PortSetting />
    </section>
  );
}

function OriginSetting() {
  const origin = useDraft('origin') ?? '';
  const test = useStore(settingsForm, (state) => state.originTest);
  return (
    <TextSetting
      field="origin"
      label="Origin"
      mono
      placeholder="https://api.example.com"
      action={
        <button
          type="button"
          className="btn"
          disabled={origin.trim() === '' || test === 'running'}
          onClick={() => void testOrigin()}
        >
          Test
        </button>
      }
      note={
        <>
          {origin.trim() === ''
            ? 'Empty: the built-in demo API is the origin.'
            : 'Requests that are not answered from the store go there. A path prefix is kept.'}
          <TestResult test={test} />
        </>
      }
    />
  );
}

function PortSetting() {
  const port = useDraft('port') ?? '';
  const freePort = useStore(settingsForm, (state) => state.freePort);
  const useFreePort = (free: number) => {
    edit('port', String(free));
    void saveForm();
  };
  return (
    <TextSetting
      field="port"
      label="Port"
      kind="number"
      width="max-w-28"
      note={
        port.trim() === '0'
          ? '0: takes a free one at each start.'
          : 'Your app sends its requests to this port.'
      }
      remedy={
        freePort !== null && (
          <button type="button" className="btn small" onClick={() => useFreePort(freePort)}>
            Use port {freePort}
          </button>
        )
      }
    />
  );
}

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

export function CachingSettings() {
  const policy = useDraft('policy');
  return (
    <section className="settings-section" aria-labelledby="settings-caching">
      <h2 id="settings-caching">Caching</h2>
      <TtlSetting />
      <ErrorTtlSetting />
      <ChoiceSetting
        label="Policy"
        field="policy"
        choices={POLICY_CHOICES}
        value={policy}
        onChange={(value) => edit('policy', value)}
      />
    </section>
  );
}

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
