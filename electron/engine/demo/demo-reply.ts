/** What a route of the demo API answers, as a value; the server writes it. */
import { createHash } from 'node:crypto';

export interface DemoReply {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface DemoRequest {
  readonly method: string;
  readonly url: URL;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  /** The parts of the path that the route's pattern captured. */
  readonly captured: readonly string[];
  readonly body: string;
}

export function json(value: unknown, fields: Readonly<Record<string, string>> = {}, status = 200): DemoReply {
  return {
    status,
    fields: { 'Content-Type': 'application/json; charset=utf-8', ...fields },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}

export function html(body: string, fields: Readonly<Record<string, string>> = {}): DemoReply {
  return { status: 200, fields: { 'Content-Type': 'text/html; charset=utf-8', ...fields }, body };
}

export function problem(
  status: number,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): DemoReply {
  return json({ error: { status, message } }, fields, status);
}

/** Adds a strong validator, and answers 304 where the client already has it (RFC 9110 §13.1.2). */
export function withETag(reply: DemoReply, request: DemoRequest): DemoReply {
  const tag = `"${createHash('sha256').update(reply.body).digest('hex').slice(0, 16)}"`;
  const fields = { ...reply.fields, ETag: tag };
  const held = String(request.fields['if-none-match'] ?? '');
  const matches =
    held.trim() === '*' || held.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
  if (!matches) return { ...reply, fields };
  const { 'Content-Type': _, ...rest } = fields as Record<string, string>;
  return { status: 304, fields: rest, body: '' };
}
