/** What the window and the body's worker tell each other. One body at a time: a newer one takes its place. */
import type { Cuts } from './body-cuts';
import type { TextBody } from './body-text';
import type { JsonIndex } from './json-index';

export type BodyQuestion =
  | { readonly kind: 'read'; readonly id: number; readonly text: TextBody; readonly json: boolean }
  | { readonly kind: 'find'; readonly id: number; readonly query: string; readonly where: SearchPlace }
  /** Lets go of the body. */
  | { readonly kind: 'forget'; readonly id: number };

export type SearchPlace = 'tree' | 'text';

export interface ReadBody {
  /** Its lines end in `\n`, however they did. */
  readonly text: string;
  readonly charset: string;
  /** Where the source view breaks lines that are too long to draw. */
  readonly cuts: Cuts;
  /** Null where it is no JSON, or too much. */
  readonly json: JsonIndex | null;
  /** Why there is no tree where one was wanted. */
  readonly problem: string | null;
}

export type BodyAnswer =
  | { readonly kind: 'read'; readonly id: number; readonly body: ReadBody }
  /** Places in the text, or values of the tree. */
  | { readonly kind: 'found'; readonly id: number; readonly found: Int32Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
