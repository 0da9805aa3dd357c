/** A server that nobody may reach: it counts who comes to its port, over TCP and over UDP. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface EvilListener {
  readonly port: number;
  readonly url: string;
  /** Connections and datagrams. */
  visits(): number;
  close(): Promise<void>;
}

export async function startEvil(): Promise<EvilListener> {
  let visits = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    visits += 1;
    sockets.add(socket);
    socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4').on('message', () => void (visits += 1));
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    visits: () => visits,
    close: async () => {
      datagrams.close();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
