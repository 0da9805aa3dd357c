/**
 * What happens between a message from the window and a handler: the payload is parsed, and whatever goes
 * wrong becomes `{code, message}`. Knows nothing of Electron.
 */
import type { ZodError } from 'zod';
import { LarderError, type ErrorReport } from '../../../shared/error-codes';
import {
  IPC_REQUESTS,
  type IpcChannel,
  type IpcRequest,
  type IpcResponses,
  type IpcResult,
} from '../../../shared/ipc-contract';
import type { SaveSettingsResult } from '../../../shared/ipc/settings-channels';

/** A missing handler does not compile. */
export type IpcHandlers = {
  readonly [C in IpcChannel]: (request: IpcRequest<C>) => IpcResponses[C] | Promise<IpcResponses[C]>;
};

export type Dispatch = (channel: IpcChannel, request: unknown) => Promise<IpcResult<unknown>>;

export const IPC_CHANNELS = Object.keys(IPC_REQUESTS) as readonly IpcChannel[];

/** @param report told of errors that are nobody's fault but ours */
export function createDispatcher(handlers: IpcHandlers, report: (error: unknown) => void): Dispatch {
  return async (channel, request) => {
    const parsed = IPC_REQUESTS[channel].safeParse(request);
    if (!parsed.success) return refusal(channel, parsed.error);
    try {
      const handler = handlers[channel] as (request: unknown) => unknown;
      return { ok: true, value: await handler(parsed.data) };
    } catch (error) {
      return { ok: false, error: reportOf(error, report) };
    }
  };
}

function reportOf(error: unknown, report: (error: unknown) => void): ErrorReport {
  if (error instanceof LarderError) return error.report();
  report(error);
  return { code: 'internal', message: 'Larder failed; the terminal it was started from may say more' };
}

/** A wrong field of the settings form is an answer that the form can show; anything else is a broken caller. */
function refusal(channel: IpcChannel, error: ZodError): IpcResult<unknown> {
  if (channel === 'settings.save') {
    const result = invalidSettings(error);
    if (result !== null) return { ok: true, value: result };
  }
  const field = error.issues[0]?.path.join('.') ?? '';
  const where = field === '' ? channel : `${channel}: ${field}`;
  return {
    ok: false,
    error: { code: 'bad_request', message: `${where}: ${error.issues[0]?.message ?? ''}` },
  };
}

function invalidSettings(error: ZodError): SaveSettingsResult | null {
  const problems = error.issues.map((issue) => ({
    field: issue.path.filter((part, index) => index > 0 || part !== 'settings').join('.'),
    message: issue.message,
  }));
  return problems.every((problem) => problem.field !== '') ? { kind: 'invalid', problems } : null;
}
