/** What the window may ask about exchanges. */
import { LarderError } from '../../../shared/error-codes';
import type { ExchangeResponses } from '../../../shared/ipc/exchange-channels';
import { previewOrNull } from './body-preview';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';
import { sendExchange } from './send-exchange';

export function exchangeHandlers({ engine }: HandlerContext): Pick<IpcHandlers, keyof ExchangeResponses> {
  return {
    'exchange.recent': () => engine.recentExchanges(),
    'exchange.details': ({ id }) => engine.exchangeDetails(id),
    'exchange.body': async ({ id }) => previewOrNull(await engine.exchangeBody(id)),
    'exchange.send': ({ target }) => {
      const { listen } = engine.status();
      if (listen.kind !== 'listening') {
        throw new LarderError('not_running', 'The proxy is not running; start it to send a request');
      }
      return sendExchange(listen.url, target);
    },
  };
}
