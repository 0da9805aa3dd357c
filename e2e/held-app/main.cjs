// The app as it is, but held back until Playwright has attached to it (it then calls `__playwright_run`): a
// window that opens while Playwright is attaching can leave it waiting for good. Playwright does the same
// itself, by a flag of Electron's that the development runtime does not have.
'use strict';
const path = require('node:path');
const { app } = require('electron');

const root = path.join(__dirname, '../..');
const ready = app.whenReady();
const attached = new Promise((resolve) => {
  globalThis.__playwright_run = () => resolve();
});
app.whenReady = () => attached.then(() => ready);
app.setAppPath(root);
app.setVersion(require(path.join(root, 'package.json')).version);
require(path.join(root, 'out/main/index.cjs'));
