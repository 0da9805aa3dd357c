/** Saves a body whole where a person chooses: content codings undone where that is possible. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { LarderError } from '../../../shared/error-codes';
import type { ObservedBody } from '../../engine/larder-engine';
import { bodyFileName } from './body-file-name';
import { decodeBody } from './body-preview';

/** A saved body is decoded up to this size; a larger one is saved as it was sent. */
const LONGEST_DECODED = 256 * 1024 * 1024;

export interface BodyToSave {
  readonly body: ObservedBody;
  /** What the file is named after. */
  readonly url: string;
}

/** @returns whether a file was chosen. Rejects with LarderError `settings_unwritable`. */
export async function saveBody(
  window: BrowserWindow | null,
  { body, url }: BodyToSave,
): Promise<{ saved: boolean }> {
  const file = await chooseFile(window, bodyFileName(url, body.contentType));
  if (file === null) return { saved: false };
  const decoded = await decodeBody(body.bytes, body.contentEncoding, LONGEST_DECODED);
  const whole = decoded !== null && !decoded.truncated ? decoded.bytes : body.bytes;
  try {
    await writeFile(file, whole);
  } catch (cause) {
    throw new LarderError('settings_unwritable', `The body cannot be saved to ${file}`, { cause });
  }
  return { saved: true };
}

async function chooseFile(window: BrowserWindow | null, name: string): Promise<string | null> {
  const options = { title: 'Save body', defaultPath: path.join(app.getPath('downloads'), name) };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === undefined || filePath === '' ? null : filePath;
}
