/** `fetch` that gives up, so that an answer which never comes fails where it was waited for. */
const PATIENCE_MS = 15_000;

export function fetchInTime(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), ...init });
}
