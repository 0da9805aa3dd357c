/** The request that is being put together in the window: its draft, and the last ones that were sent. */
import { createStore } from 'zustand/vanilla';
import { COMPOSE_METHODS, composedRequestSchema, type ComposedRequest } from '../../shared/composed-request';
import { isSecretField } from '../../shared/field-secrecy';
import type { FieldLines } from '../../shared/exchange-summary';
import { openDialog } from './dialog-store';
import { recall, remember } from './remembered';

export interface ComposeState {
  readonly draft: ComposedRequest;
  /** Sent before, newest first, each once. */
  readonly history: readonly ComposedRequest[];
}

const MOST_REMEMBERED = 20;
/** A longer body is not written down with the request it belongs to. */
const LONGEST_REMEMBERED_BODY = 16 * 1024;

export const EMPTY_REQUEST: ComposedRequest = { method: 'GET', target: '/', fields: [], body: '' };

export const composeStore = createStore<ComposeState>(() => ({
  draft: recall('compose-draft', EMPTY_REQUEST, isComposedRequest),
  history: recall('compose-history', [], isHistory),
}));

export interface ComposeStart {
  readonly method?: string;
  readonly target?: string;
  readonly fields?: FieldLines;
  readonly body?: string;
}

/** Opens `Send a request`: with the last draft, or with what is given. A method that cannot be sent becomes GET. */
export function openCompose(start?: ComposeStart): void {
  if (start !== undefined) {
    const method = COMPOSE_METHODS.find((known) => known === start.method) ?? 'GET';
    composeStore.setState({
      draft: { ...EMPTY_REQUEST, ...start, method, fields: start.fields ?? [] },
    });
  }
  openDialog('compose');
}

export function changeDraft(change: Partial<ComposedRequest>): void {
  composeStore.setState(({ draft }) => ({ draft: { ...draft, ...change } }));
}

/** Puts what was sent at the head of the history, and both into the window's memory. */
export function rememberSent(request: ComposedRequest): void {
  const kept = withoutSecrets(request);
  const same = JSON.stringify(kept);
  const others = composeStore.getState().history.filter((before) => JSON.stringify(before) !== same);
  const history = [kept, ...others].slice(0, MOST_REMEMBERED);
  composeStore.setState({ history });
  remember('compose-history', history);
  remember('compose-draft', kept);
}

/** Credentials keep their name only. */
function withoutSecrets(request: ComposedRequest): ComposedRequest {
  return {
    ...request,
    fields: request.fields.map(([name, value]) => [name, isSecretField(name) ? '' : value] as const),
    body: request.body.length > LONGEST_REMEMBERED_BODY ? '' : request.body,
  };
}

function isComposedRequest(value: unknown): value is ComposedRequest {
  return composedRequestSchema.safeParse(value).success;
}

function isHistory(value: unknown): value is readonly ComposedRequest[] {
  return Array.isArray(value) && value.length <= MOST_REMEMBERED && value.every(isComposedRequest);
}
