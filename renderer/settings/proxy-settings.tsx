/** Where requests come in, and where they go. */
import { useStore } from 'zustand';
import { MoreSettings } from './more-settings';
import { TextSetting, useDraft } from './setting-field';
import { edit, saveForm, settingsForm, testOrigin } from './settings-form';
import { TestResult } from './test-result';

const ADDRESS_FIELDS = ['host', 'allowedHosts'] as const;

export function ProxySettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-proxy">
      <h2 id="settings-proxy">Proxy</h2>
      <OriginSetting />
      <PortSetting />
      <MoreSettings title="Address" fields={ADDRESS_FIELDS}>
        <HostSetting />
        <TextSetting
          field="allowedHosts"
          label="Allowed names"
          mono
          rows={2}
          width="max-w-80"
          placeholder="larder.test"
          note="Host names besides loopback under which Larder’s own endpoints answer. One a line."
        />
      </MoreSettings>
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

function HostSetting() {
  const host = (useDraft('host') ?? '').trim();
  const isLoopback = host === '' || host === '::1' || host.startsWith('127.') || /localhost$/i.test(host);
  return (
    <TextSetting
      field="host"
      label="Listen on"
      mono
      width="max-w-48"
      placeholder="this machine only"
      note={
        isLoopback ? (
          'Empty: 127.0.0.1 and ::1. Only this machine can use the proxy.'
        ) : (
          <span className="text-miss">
            Other machines in the network can use this proxy and read what it answers.
          </span>
        )
      }
    />
  );
}
