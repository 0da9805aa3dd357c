/** What the window may ask about insights. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, dialog } from 'electron';
import { LarderError } from '../../../shared/error-codes';
import type { InsightsReport } from '../../../shared/insights';
import type { InsightsResponses } from '../../../shared/ipc/insights-channels';
import type { HandlerContext } from './handlers';
import { insightsCsv, insightsFileName } from './insights-csv';
import type { IpcHandlers } from './ipc-dispatcher';

export function insightsHandlers(context: HandlerContext): Pick<IpcHandlers, keyof InsightsResponses> {
  const { engine } = context;
  return {
    'insights.get': ({ span }) => engine.insights(span),
    // Made before the dialog is answered: what is saved is what was on the screen.
    'insights.export': ({ span }) => save(context, engine.insights(span)),
  };
}

async function save({ window }: HandlerContext, report: InsightsReport): Promise<{ saved: boolean }> {
  const parent = window();
  const options = {
    title: 'Export insights',
    defaultPath: path.join(app.getPath('downloads'), insightsFileName(report)),
    filters: [{ name: 'Comma-separated values', extensions: ['csv'] }],
  };
  const { canceled, filePath } =
    parent === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(parent, options);
  if (canceled || filePath === undefined || filePath === '') return { saved: false };
  try {
    await writeFile(filePath, insightsCsv(report));
  } catch (cause) {
    const message = `The figures cannot be saved to ${filePath}; choose another folder`;
    throw new LarderError('settings_unwritable', message, { cause });
  }
  return { saved: true };
}
