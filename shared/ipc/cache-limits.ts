/** How much one question about stored responses may ask for. Apart from the channels, which bring zod along. */

export const MOST_IDS = 5000;
export const MOST_URLS = 500;
/** One request after the other, a few at once. */
export const MOST_REFETCHED = 20;
/** A year: no store keeps a response for longer. */
export const LONGEST_EDITED_TTL_SECONDS = 366 * 86_400;
