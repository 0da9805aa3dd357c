/** What each test of a row needs: the built program, an origin, and a listener that must see nobody. */
import { BuiltLarder, type BuiltLarderOptions } from './built-larder';
import { startEvil, startExactOrigin, type ExactOrigin } from './exact-origin';
import { askOne, getBytes } from './raw-client';

/** Both ways in: `fast` is the setting `fast-path`. */
export const WAYS = [
  { way: 'fast path on', fastPath: true },
  { way: 'fast path off', fastPath: false },
] as const;

export interface Wire {
  /** Which of the two ways in it has. */
  readonly fastPath: boolean;
  readonly larder: BuiltLarder;
  readonly origin: ExactOrigin;
  readonly evil: Awaited<ReturnType<typeof startEvil>>;
  readonly port: number;
  /** Has `target` stored, and asks until it is a hit. */
  warm(target: string): Promise<void>;
  close(): Promise<void>;
}

/** @param settings further keys of the project file */
export async function startWire(
  fastPath: boolean,
  settings: BuiltLarderOptions['settings'] = {},
): Promise<Wire> {
  const origin = await startExactOrigin();
  const evil = await startEvil();
  const larder = await BuiltLarder.start({ origin: origin.url, fastPath, settings });
  const { port } = larder;
  return {
    fastPath,
    larder,
    origin,
    evil,
    port,
    warm: async (target) => {
      // A response is stored after the client has it.
      for (let times = 0; times < 100; times += 1) {
        if ((await askOne(port, getBytes(target))).field('x-cache') === 'HIT') return;
      }
      throw new Error(`${target} does not become a hit`);
    },
    close: async () => {
      await larder.stop();
      await Promise.all([origin.close(), evil.close()]);
    },
  };
}

/** Closes it. @throws Error where Larder has complained on stderr */
export async function closeQuiet(wire: Wire): Promise<void> {
  const { stderr } = wire.larder;
  await wire.close();
  if (stderr !== '') throw new Error(`Larder said: ${stderr}`);
}
