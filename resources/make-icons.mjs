// Draws every icon anew from the SVGs beside it: node resources/make-icons.mjs
// The Electron that is set up paints them; without a display run it with xvfb-run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { electronExecutable, electronTestArguments } from '../scripts/electron-runtime.mjs';
import { ICNS_PICTURES, ICO_PICTURES, icnsOf, icoOf, PNG_FILES } from './icon-files.mjs';

const folder = import.meta.dirname;

/** The app that paints: reads pictures from a file, writes PNGs as base64 into another. */
const PAINTER = `
const { app, BrowserWindow } = require('electron');
const { readFileSync, writeFileSync } = require('node:fs');
const paint = async ({ svg, size, margin }) => {
  const image = new Image();
  image.src = 'data:image/svg+xml;base64,' + btoa(unescape(encodeURIComponent(svg)));
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const edge = Math.round(size * margin);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, edge, edge, size - 2 * edge, size - 2 * edge);
  return canvas.toDataURL('image/png').split(',')[1];
};
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false });
  await window.loadURL('about:blank');
  const pictures = JSON.parse(readFileSync(__dirname + '/pictures.json', 'utf8'));
  const painted = [];
  for (const picture of pictures) {
    painted.push(await window.webContents.executeJavaScript('(' + paint + ')(' + JSON.stringify(picture) + ')'));
  }
  writeFileSync(__dirname + '/painted.json', JSON.stringify(painted));
  app.exit(0);
});`;

/** @param {readonly import('./icon-files.mjs').Picture[]} pictures @returns {Buffer[]} */
function paint(pictures) {
  const work = mkdtempSync(join(tmpdir(), 'larder-icons-'));
  try {
    const tasks = pictures.map(({ drawing, size, margin }) => ({
      svg: readFileSync(join(folder, drawing), 'utf8'),
      size,
      margin,
    }));
    writeFileSync(join(work, 'pictures.json'), JSON.stringify(tasks));
    writeFileSync(join(work, 'package.json'), '{ "name": "painter", "main": "main.cjs" }');
    writeFileSync(join(work, 'main.cjs'), PAINTER);
    const options = /** @type {const} */ ({ stdio: 'inherit', timeout: 60_000 });
    const { status } = spawnSync(electronExecutable(), [...electronTestArguments(), work], options);
    if (status !== 0) throw new Error(`Electron did not paint the icons (exit ${status})`);
    const painted = JSON.parse(readFileSync(join(work, 'painted.json'), 'utf8'));
    return painted.map((/** @type {string} */ png) => Buffer.from(png, 'base64'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const files = Object.entries(PNG_FILES);
const pngs = paint([
  ...files.map(([, picture]) => picture),
  ...ICO_PICTURES,
  ...ICNS_PICTURES.map(({ picture }) => picture),
]);
/** @param {string} name @param {Buffer} bytes */
const write = (name, bytes) => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
};
for (const [name] of files) write(name, /** @type {Buffer} */ (pngs.shift()));
write('icon.ico', icoOf(pngs.splice(0, ICO_PICTURES.length)));
write(
  'icon.icns',
  icnsOf(ICNS_PICTURES.map(({ type }) => ({ type, png: /** @type {Buffer} */ (pngs.shift()) }))),
);
process.stdout.write(`${files.length} pictures, icon.ico and icon.icns are in ${folder}\n`);
