/** A body for the window: at most `PREVIEW_BYTES` of it. */
export interface BodyPreview {
  readonly contentType: string | null;
  /** As on the wire; the bytes here are decoded where that was safe. */
  readonly contentEncoding: string | null;
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
  readonly truncated: boolean;
}

/** Longest preview handed to the window, decoded. */
export const PREVIEW_BYTES = 1024 * 1024;
