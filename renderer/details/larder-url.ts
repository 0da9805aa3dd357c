/** A request target as a URL at Larder, so that what is pasted takes the same way. */
import { engineStore } from '../state/engine-store';

/** @param target path and query as the client sent them */
export function larderUrl(target: string): string {
  const { status, settings } = engineStore.getState();
  const listening = status?.listen.kind === 'listening' ? status.listen.url : null;
  return `${(listening ?? `http://localhost:${settings?.port ?? 3000}`).replace(/\/$/, '')}${target}`;
}
