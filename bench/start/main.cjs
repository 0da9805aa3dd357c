// The built app as it is, but it says when its window is shown.
'use strict';
const path = require('node:path');
const { app } = require('electron');

app.on('browser-window-created', (_event, window) => {
  window.once('show', () => process.stdout.write('shown\n'));
});
require(path.join(__dirname, '../../out/main/index.cjs'));
