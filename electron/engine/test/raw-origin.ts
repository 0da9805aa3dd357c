/** An origin of plain TCP for tests: answers each request head with exact bytes, well-formed or not. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface RawOrigin {
  readonly url: string;
  /** Request heads as they came, one per request. */
  readonly heads: string[];
  readonly connections: () => number;
  /** Replaces the answer; `socket` is for what bytes cannot say. */
  answer(with_: RawAnswer): void;
  close(): Promise<void>;
}

export type RawAnswer = (socket: Socket, head: string) => void;

/** For requests without a body. */
export async function startRawOrigin(answer: RawAnswer = () => {}): Promise<RawOrigin> {
  let current = answer;
  let connections = 0;
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    let received = '';
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => sockets.delete(socket));
    const read = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end);
        received = received.slice(end + 4);
        heads.push(head);
        current(socket, head);
        // What follows an upgrade is not HTTP.
        if (/^upgrade:/im.test(head)) socket.off('data', read);
      }
    };
    socket.on('data', read);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heads,
    connections: () => connections,
    answer: (next) => (current = next),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Answers every request with these bytes, and closes where asked to. */
export function bytes(text: string, then: 'keep' | 'end' | 'reset' = 'keep'): RawAnswer {
  return (socket) => {
    socket.write(text, 'latin1', () => {
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };
}
