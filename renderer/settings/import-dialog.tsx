/** What a file would change, before it does; or all that is wrong with it. */
import { Dialog } from '@base-ui/react/dialog';
import { ArrowRight } from 'lucide-react';
import { useStore } from 'zustand';
import { formatPlural } from '../../shared/format';
import type { ImportReading } from '../../shared/ipc/settings-channels';
import { escapeControls } from '../../shared/safe-text';
import { cancelImport, importStore, takeImport } from './settings-file-actions';

type Read = Extract<ImportReading, { kind: 'read' }>;
type Wrong = Extract<ImportReading, { kind: 'wrong' }>;

export function ImportDialog() {
  const reading = useStore(importStore, (state) => state.reading);
  return (
    <Dialog.Root open={reading !== null} onOpenChange={(open) => !open && cancelImport()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="mb-3 text-lg font-semibold wrap-anywhere">
            Import {escapeControls(reading?.name ?? '')}
          </Dialog.Title>
          {reading?.kind === 'wrong' && <Problems reading={reading} />}
          {reading?.kind === 'read' && <Preview reading={reading} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Problems({ reading: { name, problems } }: { readonly reading: Wrong }) {
  const prefix = `${name}: `;
  return (
    <>
      <p className="mb-2">Nothing was imported. Mend this in the file, and import it again:</p>
      <ul className="import-problems" aria-label="Problems">
        {problems.map((problem) => (
          <li key={problem}>
            {escapeControls(problem.startsWith(prefix) ? problem.slice(prefix.length) : problem)}
          </li>
        ))}
      </ul>
      <div className="mt-5 flex justify-end">
        <Dialog.Close className="btn">Close</Dialog.Close>
      </div>
    </>
  );
}

function Preview({ reading: { changes, ignored } }: { readonly reading: Read }) {
  const busy = useStore(importStore, (state) => state.busy);
  const problem = useStore(importStore, (state) => state.problem);
  const none = changes.length === 0;
  return (
    <>
      <p className="mb-3 text-pretty text-muted">
        {none
          ? 'Nothing would change: all that it names is set so already.'
          : 'This changes in the active profile. What the file does not name stays as it is.'}
      </p>
      {!none && <Changes changes={changes} />}
      {ignored.length > 0 && (
        <p className="mt-3 text-sm text-muted">
          For the command line only, and not taken: <code>{ignored.join(', ')}</code>
        </p>
      )}
      {problem !== null && (
        <p role="alert" className="mt-3 text-sm text-error">
          Nothing was imported. {problem}
        </p>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Dialog.Close className="btn">{none ? 'Close' : 'Cancel'}</Dialog.Close>
        {!none && (
          <button type="button" className="btn primary" disabled={busy} onClick={() => void takeImport()}>
            Import {formatPlural(changes.length, 'change')}
          </button>
        )}
      </div>
    </>
  );
}

function Changes({ changes }: Pick<Read, 'changes'>) {
  return (
    <table className="import-changes">
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Now</th>
          <th scope="col">Will be</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ key, from, to }) => (
          <tr key={key}>
            <th scope="row">
              <code>{key}</code>
            </th>
            <td className="text-muted">{from}</td>
            <td>
              <ArrowRight aria-hidden />
              {to}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
