/** A TCP relay for tests, between a client and a server: counts connections, delays replies, and holds up what is sent. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface TcpRelay {
  readonly port: number;
  /** Connections accepted since the start. */
  accepted(): number;
  /** Connections open now. */
  open(): number;
  /** Each piece of data from the server arrives so much later. */
  delayReplies(ms: number): void;
  /** From now on nothing arrives on either side, as when packets are dropped. */
  hold(): void;
  /** What was held arrives, and all that follows. */
  release(): void;
  close(): Promise<void>;
}

export async function startTcpRelay(targetPort: number): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let delayMs = 0;
  let held: (() => void)[] | null = null;
  const pass = (deliver: () => void) => void (held === null ? deliver() : held.push(deliver));

  const server = createServer((client) => {
    accepted += 1;
    const upstream = connect(targetPort, '127.0.0.1');
    sockets.add(client);
    join(client, upstream);
    client.on('data', (data) => pass(() => upstream.writable && upstream.write(data)));
    upstream.on('data', (data) => {
      const deliver = () => pass(() => client.writable && client.write(data));
      if (delayMs === 0) deliver();
      else setTimeout(deliver, delayMs);
    });
    client.on('close', () => sockets.delete(client));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    accepted: () => accepted,
    open: () => sockets.size,
    delayReplies: (ms) => void (delayMs = ms),
    hold: () => void (held ??= []),
    release: () => {
      const waiting = held ?? [];
      held = null;
      for (const deliver of waiting) deliver();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** When one side ends or breaks, so does the other. */
function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
