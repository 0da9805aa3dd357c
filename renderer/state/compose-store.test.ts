import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ComposedRequest } from '../../shared/composed-request';
import { composeStore, EMPTY_REQUEST, openCompose, rememberSent } from './compose-store';
import { dialogStore } from './dialog-store';

const request = (target: string): ComposedRequest => ({ ...EMPTY_REQUEST, target });
const history = () => composeStore.getState().history;

/** What would be on disk. */
const written = new Map<string, string>();

beforeEach(() => {
  written.clear();
  vi.stubGlobal('localStorage', { setItem: (name: string, text: string) => written.set(name, text) });
  composeStore.setState({ draft: EMPTY_REQUEST, history: [] });
});
afterEach(() => vi.unstubAllGlobals());

describe('compose store', () => {
  it('opens with what it is given, and with GET for a method that cannot be sent', () => {
    openCompose({ method: 'TRACE', target: '/a', fields: [['Accept', '*/*']] });
    expect(dialogStore.getState().open).toBe('compose');
    expect(composeStore.getState().draft).toEqual({
      method: 'GET',
      target: '/a',
      fields: [['Accept', '*/*']],
      body: '',
    });
  });

  it('keeps the last twenty, newest first, each once', () => {
    for (let index = 0; index < 25; index += 1) rememberSent(request(`/${index}`));
    rememberSent(request('/20'));
    expect(history()).toHaveLength(20);
    expect(
      history()
        .slice(0, 2)
        .map(({ target }) => target),
    ).toEqual(['/20', '/24']);
    expect(history().filter(({ target }) => target === '/20')).toHaveLength(1);
  });

  it('forgets the values of credentials, not what was sent with', () => {
    composeStore.setState({ draft: { ...request('/me'), fields: [['Authorization', 'Bearer x']] } });
    rememberSent({
      ...request('/me'),
      fields: [
        ['Authorization', 'Bearer x'],
        ['Accept', '*/*'],
      ],
    });
    expect(history()[0]?.fields).toEqual([
      ['Authorization', ''],
      ['Accept', '*/*'],
    ]);
    expect(composeStore.getState().draft.fields).toEqual([['Authorization', 'Bearer x']]);
    expect(written.size).toBe(2);
    expect([...written.values()].join()).not.toContain('Bearer');
  });
});
