/** `GET /.larder/events`: one server-sent event per exchange. A reader that cannot keep up misses some, and is told how many. */
import type { ServerResponse } from 'node:http';
import type { EngineEvent } from '../larder-engine';

const PING_MS = 15_000;

export function streamEvents(
  response: ServerResponse,
  subscribe: (listener: (event: EngineEvent) => void) => () => void,
): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.write(': larder\n\n');
  let dropped = 0;
  const unsubscribe = subscribe((event) => {
    if (event.kind !== 'exchange') return;
    if (response.writableNeedDrain) {
      dropped += 1;
      return;
    }
    if (dropped > 0) response.write(`event: dropped\ndata: {"dropped":${dropped}}\n\n`);
    dropped = 0;
    response.write(`event: exchange\nid: ${event.exchange.id}\ndata: ${JSON.stringify(event.exchange)}\n\n`);
  });
  const ping = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': ping\n\n');
  }, PING_MS);
  ping.unref();
  response.on('close', () => {
    clearInterval(ping);
    unsubscribe();
  });
}
