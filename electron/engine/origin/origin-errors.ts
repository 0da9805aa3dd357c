/** Maps what undici and the system say to the catalogue's codes, with a sentence for a person. */
import { LarderError } from '../../../shared/error-codes';

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|EPROTO)/;
const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const BROKEN_CODES = new Set([
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RESPONSE',
  'UND_ERR_INVALID_ARG',
]);

/** @param origin the origin's URL, named in the sentence. */
export function originError(cause: unknown, origin: string): LarderError {
  if (cause instanceof LarderError) return cause;
  const code = errorCode(cause);
  if (TIMEOUT_CODES.has(code)) {
    return new LarderError('origin_timeout', `${origin} did not answer in time`, { cause });
  }
  if (TLS_CODES.test(code)) {
    const message = `${origin}: ${tlsSentence(code)}`;
    return new LarderError('origin_tls', message, { cause });
  }
  if (BROKEN_CODES.has(code) || code.startsWith('HPE_') || isParserError(cause)) {
    return new LarderError(
      'origin_invalid_response',
      `${origin} sent a broken response${code === '' ? '' : ` (${code})`}; is it an HTTP server?`,
      { cause },
    );
  }
  return new LarderError('origin_unreachable', `${origin} ${unreachableSentence(code)}`, { cause });
}

/** undici's parser gives no code where the first bytes are no status line. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if ('cause' in error) return errorCode(error.cause);
  return '';
}

function tlsSentence(code: string): string {
  if (code.includes('SELF_SIGNED')) {
    return 'its certificate is self-signed; allow that in Settings, or trust its authority in the system';
  }
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another host name';
  return `TLS failed (${code})`;
}

function unreachableSentence(code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused the connection; is the server running?';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'was not found: the host name does not resolve; check the name and the network';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'did not accept a connection in time';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'is out of reach from this network';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'closed the connection before the response was complete';
    default:
      return `cannot be reached${code === '' ? '' : ` (${code})`}`;
  }
}
