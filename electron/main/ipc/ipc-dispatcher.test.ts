import { describe, expect, it, vi } from 'vitest';
import { LarderError } from '../../../shared/error-codes';
import { DEFAULT_SETTINGS } from '../../../shared/settings';
import { createDispatcher, type IpcHandlers } from './ipc-dispatcher';

function dispatcherWith(handlers: Partial<IpcHandlers>) {
  const report = vi.fn();
  // Channels that a test does not ask need no handler.
  return { dispatch: createDispatcher(handlers as IpcHandlers, report), report };
}

describe('createDispatcher', () => {
  it('hands the parsed request to the handler and wraps its answer', async () => {
    const handler = vi.fn(() => ({ cleared: 2 }));
    const { dispatch } = dispatcherWith({ 'cache.delete': handler });
    expect(await dispatch('cache.delete', { ids: ['a', 'b'] })).toEqual({ ok: true, value: { cleared: 2 } });
    expect(handler).toHaveBeenCalledWith({ ids: ['a', 'b'] });
  });

  it('lets nothing unparsed reach a handler', async () => {
    const handler = vi.fn(() => null);
    const { dispatch } = dispatcherWith({ 'cache.entry': handler });
    for (const request of [undefined, null, {}, { id: '../x' }, { id: 'a', extra: 1 }, 'a']) {
      // One after the other, so that a failure names its request.
      // oxlint-disable-next-line no-await-in-loop
      expect(await dispatch('cache.entry', request)).toMatchObject({
        ok: false,
        error: { code: 'bad_request' },
      });
    }
    expect(handler).not.toHaveBeenCalled();
  });

  it('answers wrong settings with the fields of the form', async () => {
    const { dispatch } = dispatcherWith({});
    const settings = { ...DEFAULT_SETTINGS, port: 70_000, redis: { ...DEFAULT_SETTINGS.redis, host: '' } };
    expect(await dispatch('settings.save', { settings })).toEqual({
      ok: true,
      value: {
        kind: 'invalid',
        problems: [
          { field: 'port', message: 'must be a whole number from 0 to 65535' },
          { field: 'redis.host', message: 'must not be empty' },
        ],
      },
    });
    expect(await dispatch('settings.save', 'port')).toMatchObject({ ok: false });
  });

  it('passes on what Larder knows went wrong, and nothing of what it does not', async () => {
    const known = new LarderError('not_running', 'The proxy is not running');
    const { dispatch, report } = dispatcherWith({
      'engine.start': () => Promise.reject(known),
      'engine.stop': () => Promise.reject(new Error('secret path /home/ada')),
    });
    expect(await dispatch('engine.start', undefined)).toEqual({ ok: false, error: known.report() });
    expect(report).not.toHaveBeenCalled();
    const answer = await dispatch('engine.stop', undefined);
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(report).toHaveBeenCalledOnce();
  });
});
