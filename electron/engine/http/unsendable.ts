/** The last resort of the request's path: what something thrown on the way means. */
import { LarderError } from '../../../shared/error-codes';

/** What throws on the way is a response that node refuses to write, or a fault of ours. */
export function brokenBy(error: unknown): LarderError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (
    code === 'ERR_INVALID_CHAR' ||
    code === 'ERR_HTTP_INVALID_STATUS_CODE' ||
    code === 'ERR_INVALID_HTTP_TOKEN'
  ) {
    return new LarderError('origin_invalid_response', 'The origin sent a head that cannot be passed on', {
      cause: error,
    });
  }
  process.emitWarning(error instanceof Error ? error : String(error));
  return new LarderError('internal', 'Larder failed on this request; please report it with the log', {
    cause: error,
  });
}
