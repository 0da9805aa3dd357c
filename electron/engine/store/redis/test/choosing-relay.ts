/** A TCP relay for tests to Redis that can hold up some connections only: those over which a text was sent. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ChoosingRelay {
  readonly port: number;
  /**
   * From now on nothing passes, either way, over connections on which this text was sent, or is sent:
   * then what it came with does not pass either. Resolves when there is one.
   */
  hold(text: string): Promise<void>;
  release(): void;
  /** Breaks every connection over which this text was sent. */
  cut(text: string): void;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  said: string;
  held: (() => void)[] | null;
}

/** Closed when the test ends. */
export async function choosingRelay(targetPort: number): Promise<ChoosingRelay> {
  const pairs = new Set<Pair>();
  let holding: { readonly text: string; readonly found: () => void } | null = null;

  const choose = (pair: Pair) => {
    if (holding === null || !pair.said.includes(holding.text)) return;
    pair.held ??= [];
    holding.found();
  };
  const server = createServer((client) => {
    const pair: Pair = { client, upstream: connect(targetPort, '127.0.0.1'), said: '', held: null };
    pairs.add(pair);
    join(pair);
    pair.client.on('data', (data) => {
      pair.said += data.toString('latin1');
      choose(pair);
      pass(pair, () => pair.upstream.write(data));
    });
    pair.upstream.on('data', (data) => pass(pair, () => pair.client.write(data)));
    client.on('close', () => pairs.delete(pair));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  onTestFinished(() => {
    for (const { client } of pairs) client.destroy();
    server.close();
  });

  return {
    port: address.port,
    hold: (text) =>
      new Promise((found) => {
        holding = { text, found };
        for (const pair of pairs) choose(pair);
      }),
    release: () => {
      holding = null;
      for (const pair of pairs) {
        const waiting = pair.held ?? [];
        pair.held = null;
        for (const deliver of waiting) deliver();
      }
    },
    cut: (text) => {
      for (const { client, said } of pairs) if (said.includes(text)) client.destroy();
    },
  };
}

function pass({ held, client, upstream }: Pair, deliver: () => boolean): void {
  if (held !== null) held.push(deliver);
  else if (client.writable && upstream.writable) deliver();
}

function join({ client, upstream }: Pair): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
