// Loaded before a program: its wall clock shows what the file that LARDER_SOAK_CLOCK names says, milliseconds more or
// less, read anew with each SIGUSR2. What counts time, not the time of day, stays right, as with a real clock.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let shiftMs = 0;
process.on('SIGUSR2', () => (shiftMs = Number(readFileSync(process.env['LARDER_SOAK_CLOCK'] ?? '', 'utf8'))));

const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts) => Reflect.construct(target, parts.length === 0 ? [now()] : parts),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
