/** The client's body on its way upstream: read only as fast as the origin takes it. */
import type { Exchange } from '../exchange';

/** Null where the request has none. */
export function requestBody(exchange: Exchange): AsyncIterable<Uint8Array> | null {
  return exchange.request.hasBody ? readBody(exchange) : null;
}

async function* readBody({ message, response, expectsContinue }: Exchange): AsyncGenerator<Uint8Array> {
  // RFC 9110 §10.1.1: the client may send its body now that the origin takes it.
  if (expectsContinue && !response.headersSent) response.writeContinue();
  try {
    for await (const chunk of message.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } finally {
    // The origin wants no more of it. Unread it would block the connection's next request.
    message.resume();
  }
}
