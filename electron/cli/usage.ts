/** The text of `--help`. */
import { flagHelp } from '../engine/settings/flags';

export function usage(): string {
  return `Usage: larder --origin URL [FLAGS]

Larder is a caching proxy for local development: it stands between your app and
an API, and from the second request on it answers from what it has stored.

${flagHelp()}

Environment: PROXY_URL, PROXY_PORT, PROXY_EXPIRY (seconds), REDIS_HOST, REDIS_PORT,
REDIS_PASSWORD, REDIS_URL, LARDER_DATA_DIR. HTTP_PROXY, HTTPS_PROXY and NO_PROXY apply
to the way to the origin. Flags win over the environment, the environment over the
project file, that over the settings saved by the desktop app.

Examples:
  larder --origin https://api.example.com --port 3000
  larder --demo
  larder --clear-cache --port 3000`;
}
