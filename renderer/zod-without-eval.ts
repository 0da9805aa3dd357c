/** Imported before anything that builds a schema: the content security policy forbids the code
 *  that zod would otherwise compile, and reports even the attempt. */
import { z } from 'zod';

z.config({ jitless: true });
