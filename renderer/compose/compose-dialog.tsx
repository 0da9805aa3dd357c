/** `Send a request`: method, path, fields and body through the proxy, to try things; the answer opens in Live. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useStore } from 'zustand';
import { composedRequestProblem, type ComposedRequest } from '../../shared/composed-request';
import type { OwnDialogProps } from '../app/dialogs';
import { AppDialog } from '../app/app-dialog';
import { KeyCaps } from '../app/key-caps';
import { isMac } from '../app/window-commands';
import { composeStore } from '../state/compose-store';
import { closeDialog } from '../state/dialog-store';
import { engineStore } from '../state/engine-store';
import { ComposeBody } from './compose-body';
import { ComposeFields } from './compose-fields';
import { ComposeHistory } from './compose-history';
import { ComposeTarget } from './compose-target';
import { sendComposed, type Sending } from './send-composed';

export function ComposeDialog({ open, onClosed }: OwnDialogProps) {
  const pathRef = useRef<HTMLInputElement>(null);
  return (
    <AppDialog
      title="Send a request"
      open={open}
      onClosed={onClosed}
      onClose={() => closeDialog('compose')}
      className="wide"
      initialFocus={pathRef}
    >
      <ComposeForm pathRef={pathRef} />
    </AppDialog>
  );
}

function ComposeForm({ pathRef }: { readonly pathRef: RefObject<HTMLInputElement | null> }) {
  const draft = useStore(composeStore, (state) => state.draft);
  const running = useStore(engineStore, ({ status }) => status?.listen.kind === 'listening');
  const { sending, problem, send } = useSending();
  const submit = () => {
    if (!sending) send();
  };
  const formRef = useSendKey();
  return (
    <form
      noValidate
      ref={formRef}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ComposeTarget draft={draft} pathRef={pathRef} />
      <ComposeFields fields={draft.fields} />
      <ComposeBody draft={draft} />
      {problem !== null && (
        <p role="alert" className="mt-3 text-sm wrap-anywhere text-error">
          {problem}
        </p>
      )}
      {!running && (
        <p className="mt-3 text-sm text-muted">The proxy is not running. Start it to send a request.</p>
      )}
      <div className="compose-foot">
        <ComposeHistory />
        <span className="flex-1" />
        {sending && <Cancel />}
        <button type="submit" className="btn primary" disabled={sending || !running}>
          {sending ? 'Waiting for the answer…' : 'Send'}
          {!sending && <KeyCaps keys="Mod+Enter" />}
        </button>
      </div>
    </form>
  );
}

/** Mod+Enter sends from every field, the body included. */
function useSendKey(): RefObject<HTMLFormElement | null> {
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const form = ref.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const modifier = isMac() ? event.metaKey : event.ctrlKey;
      if (event.key !== 'Enter' || !modifier) return;
      event.preventDefault();
      form?.requestSubmit();
    };
    form?.addEventListener('keydown', onKeyDown);
    return () => form?.removeEventListener('keydown', onKeyDown);
  }, []);
  return ref;
}

/** The request that is under way; it goes on when the dialog is closed. */
let current: Sending | null = null;

function Cancel() {
  return (
    <button type="button" className="btn" onClick={() => current?.cancel()}>
      Cancel
    </button>
  );
}

function useSending() {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const send = () => {
    const request = withoutEmptyRows(composeStore.getState().draft);
    const wrong = composedRequestProblem(request);
    setProblem(wrong);
    if (wrong !== null) return;
    setSending(true);
    current = sendComposed(request);
    void current.result.then((message) => {
      if (!mounted.current) return;
      setSending(false);
      setProblem(message);
    });
  };
  return { sending, problem, send };
}

/** A row that was added and left empty is nobody's field. */
function withoutEmptyRows(draft: ComposedRequest): ComposedRequest {
  const trimmed = draft.fields.map(([name, value]) => [name.trim(), value.trim()] as const);
  return {
    ...draft,
    target: draft.target.trim(),
    fields: trimmed.filter(([name, value]) => name + value !== ''),
  };
}
