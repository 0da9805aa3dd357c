// What an Electron app costs before it does anything: one window with an empty page, shown when it is painted.
'use strict';
const { app, BrowserWindow } = require('electron');

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1200,
    height: 780,
    show: false,
    webPreferences: { sandbox: true },
  });
  window.once('ready-to-show', () => window.show());
  window.once('show', () => process.stdout.write('shown\n'));
  void window.loadURL('data:text/html,<!doctype html><title>Empty</title>');
});
