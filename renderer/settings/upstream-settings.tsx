/** How Larder talks to the origin. */
import { CheckSetting } from './check-setting';
import { SettingLine, TextSetting } from './setting-field';

export function UpstreamSettings() {
  return (
    <section className="settings-section" aria-labelledby="settings-upstream">
      <h2 id="settings-upstream">Upstream</h2>
      <TextSetting
        field="connectTimeoutMs"
        label="Connect timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
        note="Until the connection stands, with TLS."
      />
      <TextSetting
        field="headTimeoutMs"
        label="Response timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
        note="Until the status and the fields are there."
      />
      <TextSetting
        field="bodyTimeoutMs"
        label="Body timeout"
        kind="number"
        width="max-w-28"
        unit="ms"
        note="The longest pause within a body. Event streams may pause as they like."
      />
      <SettingLine label="Certificates" field="acceptSelfSigned">
        <CheckSetting
          field="acceptSelfSigned"
          label="Accept self-signed certificates"
          note="Only for an origin of your own: anyone on the way could then pretend to be it."
        />
      </SettingLine>
    </section>
  );
}
