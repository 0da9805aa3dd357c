/** What clients may send and hold. Beyond it they are refused, and told which limit it was. */
import { MoreSettings } from './more-settings';
import { TextSetting } from './setting-field';
import type { DraftField } from './settings-draft';

const NUMBER = { kind: 'number', width: 'max-w-28' } as const;

export function LimitsSettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-limits">
      <h2 id="settings-limits">Limits</h2>
      <TextSetting
        field="limitHeadKiB"
        label="Request head"
        {...NUMBER}
        unit="KiB"
        note="Request line and fields together. Many cookies for localhost can make it large."
      />
      <TextSetting
        field="limitTargetKiB"
        label="Request target"
        {...NUMBER}
        unit="KiB"
        note="Path and query."
      />
      <TextSetting field="limitFields" label="Request fields" {...NUMBER} />
      <TextSetting
        field="limitRequestBodyMiB"
        label="Request body"
        {...NUMBER}
        unit="MiB"
        note="Uploads, whether they are cached or not. 0 takes no body."
      />
      <TextSetting
        field="limitConnections"
        label="Clients at once"
        {...NUMBER}
        unit="connections"
        note="Further ones are answered 503 and closed."
      />
      <Patience />
    </section>
  );
}

const TIMES = [
  'limitHeadTimeoutMs',
  'limitBodyTimeoutMs',
  'limitIdleTimeoutMs',
  'limitUpgradeIdleMs',
] as const satisfies readonly DraftField[];

function Patience() {
  return (
    <MoreSettings title="How long clients may take" fields={TIMES}>
      <TextSetting
        field="limitHeadTimeoutMs"
        label="Request timeout"
        {...NUMBER}
        unit="ms"
        note="Until the request line and the fields are there."
      />
      <TextSetting
        field="limitBodyTimeoutMs"
        label="Upload pause"
        {...NUMBER}
        unit="ms"
        note="The longest pause within a request’s body."
      />
      <TextSetting
        field="limitIdleTimeoutMs"
        label="Idle connection"
        {...NUMBER}
        unit="ms"
        note="Between requests. Then it is closed."
      />
      <TextSetting
        field="limitUpgradeIdleMs"
        label="Idle WebSocket"
        {...NUMBER}
        unit="ms"
        note="How long nothing may pass through it, or through another upgraded connection."
      />
    </MoreSettings>
  );
}
