/** Export to and import from `larder.json`: which file is asked for here, what stands in it is the engine's. */
import { access, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, dialog, type BrowserWindow, type FileFilter } from 'electron';
import { LarderError } from '../../../shared/error-codes';
import type { ExportResult, ImportReading } from '../../../shared/ipc/settings-channels';
import type { Settings } from '../../../shared/settings';
import { PROJECT_FILE } from '../../engine/settings/project-file';
import { PROJECT_SCHEMA_FILE, projectSchemaText } from '../../engine/settings/project-schema';
import { importProject, projectText } from '../../engine/settings/project-transfer';

const FILTERS: FileFilter[] = [{ name: 'JSON', extensions: ['json'] }];
const MOST_BYTES = 1024 * 1024;

/** @throws LarderError `settings_unwritable` */
export async function exportSettings(
  settings: Settings,
  window: BrowserWindow | null,
): Promise<ExportResult> {
  const options = {
    title: 'Export settings',
    defaultPath: path.join(app.getPath('documents'), PROJECT_FILE),
    filters: FILTERS,
  };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  if (canceled || filePath === undefined || filePath === '') return { kind: 'cancelled' };
  try {
    await writeFile(filePath, projectText(settings));
  } catch (cause) {
    throw new LarderError('settings_unwritable', `The settings cannot be exported to ${filePath}`, { cause });
  }
  return { kind: 'saved', file: filePath, schema: await writeSchemaBeside(filePath) };
}

/** The settings are exported with or without it: it only helps editors. */
async function writeSchemaBeside(file: string): Promise<'written' | 'there' | 'not-written'> {
  const schema = path.join(path.dirname(file), PROJECT_SCHEMA_FILE);
  const isThere = await access(schema).then(
    () => true,
    () => false,
  );
  if (isThere) return 'there';
  return writeFile(schema, projectSchemaText(), { flag: 'wx' }).then(
    () => 'written',
    () => 'not-written',
  );
}

/** Never rejects because of the file: what is wrong with it is the answer. */
export async function readImport(settings: Settings, window: BrowserWindow | null): Promise<ImportReading> {
  const options = { title: 'Import settings', properties: ['openFile' as const], filters: FILTERS };
  const { canceled, filePaths } =
    window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
  const [file] = filePaths;
  if (canceled || file === undefined) return { kind: 'cancelled' };
  const name = path.basename(file);
  const wrong = (problem: string): ImportReading => ({ kind: 'wrong', name, problems: [problem] });
  try {
    if ((await stat(file)).size > MOST_BYTES) return wrong(`${name} is larger than 1 MiB`);
    const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
    const read = importProject(text, name, settings);
    return read.ok ? { kind: 'read', name, ...read } : { kind: 'wrong', name, problems: read.problems };
  } catch (error) {
    return wrong(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}
