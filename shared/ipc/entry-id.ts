/** The id of a stored response as it crosses into main. */
import { z } from 'zod';

export const entryId = z.string().regex(/^[\w-]{1,128}$/);
