/** A real Chromium, as the developer has it beside Larder: the system's, else the one that Playwright knows. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright';
import { electronTestArguments } from '../scripts/electron-runtime.mjs';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function browserPath(): string {
  return (
    process.env['CHROMIUM_PATH'] ?? BROWSERS.find((file) => existsSync(file)) ?? chromium.executablePath()
  );
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(), args: electronTestArguments() });
}
