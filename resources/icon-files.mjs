// Which pictures are made of which drawing, and the two containers that hold several of them.

/** @typedef {{ drawing: string, size: number, margin: number }} Picture `margin` is the part of the edge left free. */

const SMALL = new Set([16, 24, 32]);
/** macOS leaves a margin around the shape of an app. */
const MAC_MARGIN = 0.06;
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 256];
/** Type codes of PNGs in an icns, by the pixels they hold. */
const ICNS_TYPES = /** @type {const} */ ([
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
]);

/** @param {number} size @param {number} [margin] @returns {Picture} */
const icon = (size, margin = 0) => ({
  drawing: SMALL.has(size) ? 'icon-small.svg' : 'icon.svg',
  size,
  margin,
});

/** PNG files, by their path in resources/.
 *  @type {Readonly<Record<string, Picture>>} */
export const PNG_FILES = {
  'icon.png': icon(512),
  'tray.png': icon(24),
  'tray@2x.png': { ...icon(48), drawing: 'icon-small.svg' },
  'trayTemplate.png': { drawing: 'tray.svg', size: 16, margin: 0 },
  'trayTemplate@2x.png': { drawing: 'tray.svg', size: 32, margin: 0 },
  ...Object.fromEntries(LINUX_SIZES.map((size) => [`icons/${size}x${size}.png`, icon(size)])),
};

export const ICO_PICTURES = ICO_SIZES.map((size) => icon(size));
export const ICNS_PICTURES = ICNS_TYPES.map(([type, size]) => ({ type, picture: icon(size, MAC_MARGIN) }));

/** @param {readonly Buffer[]} pngs @returns {Buffer} a Windows icon that holds them as they are */
export function icoOf(pngs) {
  const head = Buffer.alloc(6 + 16 * pngs.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pngs.length, 4);
  let offset = head.length;
  for (const [index, png] of pngs.entries()) {
    const at = 6 + 16 * index;
    // The width and height of a PNG; a byte of 0 means 256.
    head.writeUInt8(png.readUInt32BE(16) % 256, at);
    head.writeUInt8(png.readUInt32BE(20) % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pngs]);
}

/** @param {readonly { type: string, png: Buffer }[]} parts @returns {Buffer} a macOS icon */
export function icnsOf(parts) {
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ bytes) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(bytes.length + 8, 4);
    return Buffer.concat([head, bytes]);
  };
  return chunk('icns', Buffer.concat(parts.map(({ type, png }) => chunk(type, png))));
}
