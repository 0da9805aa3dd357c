// Entry of the app that a test packages on an Electron older than undici expects; the product starts at
// out/main/index.cjs.
'use strict';
require('./electron-shims.cjs');
require(require('node:path').join(__dirname, 'out/main/index.cjs'));
