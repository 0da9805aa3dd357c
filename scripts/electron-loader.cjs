// The development runtime's own small app, where Electron has its default app: the first argument without a
// dash is the folder of the app to run. Copied to resources/app/main.js by electron-runtime.mjs.
'use strict';
require('./electron-shims.cjs');
/** @type {any} */
const Module = require('node:module');
const path = require('node:path');
const electron = require('electron');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  process.stderr.write('usage: electron FOLDER\n');
  process.exit(1);
}

/** @type {any} its type leaves out what only a default app may use */
const app = electron.app;
const appPath = path.resolve(folder);
const manifest = require(path.join(appPath, 'package.json'));
app.setAppPath(appPath);
app.setName(manifest.productName ?? manifest.name);
if (manifest.version) app.setVersion(manifest.version);
Object.assign(process, { defaultApp: true });
Module._load(appPath, module, true);
