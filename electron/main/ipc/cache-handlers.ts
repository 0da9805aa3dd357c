/** What the window may ask about stored responses. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { LarderError } from '../../../shared/error-codes';
import type { CacheResponses } from '../../../shared/ipc/cache-channels';
import { bodyFileName } from './body-file-name';
import { decodeBody, previewOrNull } from './body-preview';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';

/** A saved body is decoded up to this size; a larger one is saved as it was sent. */
const LONGEST_DECODED = 256 * 1024 * 1024;

export function cacheHandlers(context: HandlerContext): Pick<IpcHandlers, keyof CacheResponses> {
  const { engine } = context;
  return {
    'cache.clear': () => engine.clear(),
    'cache.list': ({ q, cursor, limit }) =>
      engine.entries({
        ...(q === undefined ? {} : { q }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(limit === undefined ? {} : { limit }),
      }),
    'cache.entry': ({ id }) => engine.entry(id),
    'cache.body': async ({ id }) => previewOrNull(await engine.entryBody(id)),
    'cache.save-body': ({ id }) => saveBody(context, id),
    'cache.delete': ({ ids }) => engine.deleteEntries(ids),
  };
}

async function saveBody({ engine, window }: HandlerContext, id: string): Promise<{ saved: boolean }> {
  const [entry, body] = await Promise.all([engine.entry(id), engine.entryBody(id)]);
  if (entry === null || body === null) {
    throw new LarderError('not_found', 'The response is no longer stored; there is nothing to save');
  }
  const file = await chooseFile(window(), bodyFileName(entry.url, entry.contentType));
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
