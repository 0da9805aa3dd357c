/** The requests that the window has sent and that are still under way, so that it can give them up. */
import type { ComposedRequest, SentExchange } from '../../../shared/composed-request';
import { LarderError } from '../../../shared/error-codes';
import type { LarderEngine } from '../../engine/larder-engine';
import { sendExchange } from './send-exchange';

interface SentFromWindow {
  /** @param ticket number by which `cancel` finds it */
  send(request: ComposedRequest, ticket?: number): Promise<SentExchange>;
  cancel(ticket: number): void;
}

export function createSentFromWindow(engine: LarderEngine): SentFromWindow {
  const underWay = new Map<number, AbortController>();
  return {
    send: async (request, ticket) => {
      const { listen } = engine.status();
      if (listen.kind !== 'listening') {
        throw new LarderError('not_running', 'The proxy is not running; start it to send a request');
      }
      const controller = new AbortController();
      if (ticket !== undefined) underWay.set(ticket, controller);
      try {
        return await sendExchange(listen.url, request, { engine, signal: controller.signal });
      } finally {
        if (ticket !== undefined) underWay.delete(ticket);
      }
    },
    cancel: (ticket) => underWay.get(ticket)?.abort(),
  };
}
