/** What is said of a key of the project file that nobody knows. */
import { LarderError } from '../../../shared/error-codes';
import { nearestName } from './nearest-name';

const SECRET_KEY = /pass|secret|token|credential/i;

/** @param place the file, and the section in it */
export function unknownKey(place: string, key: string, known: readonly string[]): LarderError {
  const shown = JSON.stringify(key.slice(0, 80));
  if (SECRET_KEY.test(key)) {
    const message = `${place}: ${shown} is refused: secrets are never kept in a project file; set REDIS_PASSWORD`;
    return new LarderError('settings_invalid', message);
  }
  const nearest = nearestName(key, known);
  const hint =
    nearest === null ? `accepted are ${known.join(', ')}` : `did you mean ${JSON.stringify(nearest)}?`;
  return new LarderError('settings_invalid', `${place}: unknown key ${shown}; ${hint}`);
}
