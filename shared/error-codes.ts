/**
 * The catalogue of Larder's own errors: a stable code, the HTTP status where it
 * reaches a client, and a default sentence. docs/errors.md lists the same codes.
 */

export interface ErrorCodeFacts {
  /** Status sent to a client; null where the error never answers a request. */
  readonly status: number | null;
  readonly title: string;
}

export const ERROR_CODES = {
  bad_request: { status: 400, title: 'The request is malformed' },
  forbidden: { status: 403, title: 'Web pages may not use this endpoint' },
  not_found: { status: 404, title: 'Larder has no such endpoint or stored response' },
  method_not_allowed: { status: 405, title: 'This endpoint does not take that method' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, title: 'The request body is too large' },
  target_too_long: { status: 414, title: 'The request target is too long' },
  expectation_failed: { status: 417, title: 'The expectation cannot be met' },
  misdirected_request: { status: 421, title: 'The request is meant for another host' },
  fields_too_large: { status: 431, title: 'The request fields are too large' },
  internal: { status: 500, title: 'Larder failed' },
  not_implemented: { status: 501, title: 'Larder does not implement this' },
  origin_unreachable: { status: 502, title: 'The origin cannot be reached' },
  origin_invalid_response: { status: 502, title: 'The origin sent a broken response' },
  origin_tls: { status: 502, title: "The origin's certificate is not trusted" },
  too_many_connections: { status: 503, title: 'Larder has as many connections as it may' },
  origin_timeout: { status: 504, title: 'The origin did not answer in time' },
  not_stored: { status: 504, title: 'Nothing is stored for this request' },
  http_version: { status: 505, title: 'This HTTP version is not supported' },
  port_in_use: { status: null, title: 'The port is taken' },
  port_denied: { status: null, title: 'The port needs more rights' },
  host_unavailable: { status: null, title: 'The address cannot be listened on' },
  settings_invalid: { status: null, title: 'A setting is wrong' },
  settings_unwritable: { status: null, title: 'The settings cannot be saved' },
  store_unavailable: { status: null, title: 'The store does not answer' },
  not_running: { status: null, title: 'The proxy is not running' },
} as const satisfies Record<string, ErrorCodeFacts>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error as it crosses a layer: never a stack, never a secret. */
export interface ErrorReport {
  readonly code: ErrorCode;
  /** What happened, to what, and what to do. */
  readonly message: string;
}

/** Larder's own error class: a catalogue code, a sentence, and the cause. */
export class LarderError extends Error {
  override readonly name = 'LarderError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Status for the client; 500 for codes that are never sent. */
  get status(): number {
    return ERROR_CODES[this.code].status ?? 500;
  }

  report(): ErrorReport {
    return { code: this.code, message: this.message };
  }
}
