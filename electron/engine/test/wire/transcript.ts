/** What clients were sent over each way in, to be compared when both have been gone: byte for byte, but for the time. */
import type { Reply } from './raw-client';
import type { Wire } from './wire';

export interface Transcript {
  /** @param what names the exchange; the same on both ways */
  note(wire: Wire, what: string, reply: Reply): void;
  /** Exchanges that were noted on both ways. */
  compared(): number;
  /** In words: those that differ, or were noted on one way only. */
  differences(): readonly string[];
}

export function startTranscript(): Transcript {
  const ways = new Map<boolean, Map<string, string>>([
    [true, new Map()],
    [false, new Map()],
  ]);
  const on = ways.get(true)!;
  const off = ways.get(false)!;
  const names = (): string[] => [...new Set([...on.keys(), ...off.keys()])];
  return {
    note: (wire, what, { received, end }) => {
      const port = new RegExp(`:${wire.evil.port}`, 'g');
      const text = `${withoutTime(received)}${end === 'open' ? '' : 'closed'}`.replace(port, ':PORT');
      ways.get(wire.fastPath)!.set(what.replace(port, ':PORT'), text);
    },
    compared: () => names().filter((name) => on.has(name) && off.has(name)).length,
    differences: () =>
      names()
        .filter((name) => on.get(name) !== off.get(name))
        .map((name) => JSON.stringify({ name, on: on.get(name), off: off.get(name) }, null, 2)),
  };
}

function withoutTime(bytes: string): string {
  return bytes
    .replaceAll(/^Date: .*$/gm, 'Date')
    .replaceAll(/^Age: \d+\r$/gm, 'Age\r')
    .replaceAll(/\bttl=\d+/g, 'ttl');
}
