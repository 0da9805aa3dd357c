/** A body for the window: at most `PREVIEW_BYTES` of it. */
export interface BodyPreview {
  readonly contentType: string | null;
  /** As on the wire; the bytes here are decoded where that was safe. */
  readonly contentEncoding: string | null;
  /** The content coding that could not be undone, so that the bytes here are those sent; null: none. */
  readonly undecoded: string | null;
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  /** These bytes are not all of it. */
  readonly truncated: boolean;
  /** Larder has all of it, more than these bytes perhaps: it can be saved. */
  readonly keptWhole: boolean;
}

/** Longest preview handed to the window, decoded. */
export const PREVIEW_BYTES = 16 * 1024 * 1024;
