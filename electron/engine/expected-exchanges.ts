/**
 * Whoever sends a request from this very process learns which exchange it became, by the port it comes from: a
 * field that says so would go on to the origin.
 */
import type { Socket } from 'node:net';

export interface ExpectedExchanges {
  readonly expect: (clientPort: number, onBegin: (id: number) => void) => () => void;
  /** To be called for every exchange that begins. */
  begun(socket: Pick<Socket, 'remotePort' | 'remoteAddress' | 'localAddress'>, id: number): void;
}

export function createExpectedExchanges(): ExpectedExchanges {
  const waiting = new Map<number, (id: number) => void>();
  return {
    expect: (clientPort, onBegin) => {
      waiting.set(clientPort, onBegin);
      return () => {
        if (waiting.get(clientPort) === onBegin) waiting.delete(clientPort);
      };
    },
    begun: (socket, id) => {
      if (waiting.size === 0) return;
      const { remotePort, remoteAddress, localAddress } = socket;
      // The same port of another machine is another program.
      if (remotePort === undefined || remoteAddress !== localAddress) return;
      const onBegin = waiting.get(remotePort);
      waiting.delete(remotePort);
      onBegin?.(id);
    },
  };
}
