/** The settings by the names they have in the form, for the palette. */

export interface SettingName {
  /** Dotted name, as in `shared/settings.ts`. */
  readonly field: string;
  readonly title: string;
  readonly alsoKnownAs: string;
}

export const SETTING_NAMES: readonly SettingName[] = [
  { field: 'origin', title: 'Origin', alsoKnownAs: 'api upstream server url' },
  { field: 'port', title: 'Port', alsoKnownAs: 'listen address' },
  { field: 'host', title: 'Listen on', alsoKnownAs: 'host address loopback network' },
  { field: 'ttlSeconds', title: 'TTL (seconds)', alsoKnownAs: 'time to live lifetime expiry fresh' },
  { field: 'errorTtlSeconds', title: 'TTL of errors', alsoKnownAs: 'time to live negative caching 404 500' },
  { field: 'policy', title: 'Policy', alsoKnownAs: 'override respect rfc 9111 cache-control' },
  { field: 'store', title: 'Store', alsoKnownAs: 'memory redis' },
  { field: 'maxMemoryBytes', title: 'Memory budget', alsoKnownAs: 'maximum size limit' },
  { field: 'maxBodyBytes', title: 'Largest body', alsoKnownAs: 'maximum size limit' },
  { field: 'redis.host', title: 'Redis host', alsoKnownAs: 'server connection' },
  { field: 'upstream.connectTimeoutMs', title: 'Connect timeout', alsoKnownAs: 'upstream origin wait' },
  { field: 'upstream.headTimeoutMs', title: 'First byte timeout', alsoKnownAs: 'upstream origin wait slow' },
  { field: 'upstream.bodyTimeoutMs', title: 'Body timeout', alsoKnownAs: 'upstream origin wait slow' },
  { field: 'upstream.acceptSelfSigned', title: 'Self-signed certificates', alsoKnownAs: 'tls https' },
  { field: 'limits.headBytes', title: 'Request head', alsoKnownAs: 'limits size 431 header cookies' },
  { field: 'limits.targetBytes', title: 'Request target', alsoKnownAs: 'limits length 414 url path' },
  { field: 'limits.fields', title: 'Request fields', alsoKnownAs: 'limits number 431 headers' },
  { field: 'limits.requestBodyBytes', title: 'Request body', alsoKnownAs: 'limits size 413 upload' },
  { field: 'limits.connections', title: 'Clients at once', alsoKnownAs: 'limits connections 503' },
  { field: 'limits.headTimeoutMs', title: 'Request timeout', alsoKnownAs: 'limits client wait slow 408' },
  { field: 'limits.bodyTimeoutMs', title: 'Upload pause', alsoKnownAs: 'limits client wait slow 408' },
  { field: 'limits.idleTimeoutMs', title: 'Idle connection', alsoKnownAs: 'limits client keep-alive' },
  { field: 'limits.upgradeIdleMs', title: 'Idle WebSocket', alsoKnownAs: 'limits upgrade tunnel' },
  { field: 'credentialCookies', title: 'Credential cookies', alsoKnownAs: 'session users login' },
  { field: 'appearance', title: 'Appearance', alsoKnownAs: 'theme light dark' },
  { field: 'desktop.tray', title: 'Icon in the tray', alsoKnownAs: 'menu bar background' },
  { field: 'desktop.notifications', title: 'Notifications', alsoKnownAs: 'alerts' },
];
