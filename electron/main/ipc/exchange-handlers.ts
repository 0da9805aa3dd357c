/** What the window may ask about exchanges. */
import { LarderError } from '../../../shared/error-codes';
import type { ExchangeResponses } from '../../../shared/ipc/exchange-channels';
import { previewOrNull } from './body-preview';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';
import { saveBody } from './save-body';
import { createSentFromWindow } from './sent-from-window';

export function exchangeHandlers(context: HandlerContext): Pick<IpcHandlers, keyof ExchangeResponses> {
  const { engine } = context;
  const sent = createSentFromWindow(engine);
  return {
    'exchange.recent': () => engine.recentExchanges(),
    'exchange.details': ({ id }) => engine.exchangeDetails(id),
    'exchange.nearest': ({ id }) => engine.nearestStored(id),
    'exchange.body': async ({ id }) => previewOrNull(await engine.exchangeBody(id)),
    'exchange.save-body': ({ id }) => saveExchangeBody(context, id),
    'exchange.send': ({ ticket, ...request }) => sent.send(request, ticket),
    'exchange.cancel': ({ ticket }) => {
      sent.cancel(ticket);
      return null;
    },
  };
}

async function saveExchangeBody({ engine, window }: HandlerContext, id: number): Promise<{ saved: boolean }> {
  const body = await engine.exchangeBody(id);
  const details = engine.exchangeDetails(id);
  if (body === null || details === null || body.truncated) {
    throw new LarderError('not_found', 'The body is no longer kept whole; there is nothing to save');
  }
  return saveBody(window(), { body, url: details.summary.target });
}
