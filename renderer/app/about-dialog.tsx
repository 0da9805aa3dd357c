/** What this program is: version, what it runs on, where its data lie. */
import { Copy, FolderOpen } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AboutFacts } from '../../shared/ipc/desktop-channels';
import { ask } from '../bridge/larder-api';
import { closeDialog } from '../state/dialog-store';
import type { OwnDialogProps } from './dialogs';
import { AppDialog } from './app-dialog';
import { copyText } from './engine-actions';
import { JarIcon } from './jar-icon';
import { runCommand } from './window-commands';

export function AboutDialog({ open, onClosed }: OwnDialogProps) {
  const facts = useAboutFacts();
  return (
    <AppDialog
      title="About Larder"
      open={open}
      onClosed={onClosed}
      onClose={() => closeDialog('about')}
      className="narrow"
    >
      <div className="flex items-center gap-4">
        <span className="about-icon">
          <JarIcon />
        </span>
        <div className="min-w-0">
          <p className="text-lg font-semibold">Larder {facts?.version}</p>
          <p className="text-muted">A caching proxy for local development: every hit and miss, and why.</p>
        </div>
      </div>
      {facts !== null && <Facts facts={facts} />}
    </AppDialog>
  );
}

function useAboutFacts(): AboutFacts | null {
  const [facts, setFacts] = useState<AboutFacts | null>(null);
  useEffect(() => {
    void ask('desktop.about', undefined).then((answer) => answer.ok && setFacts(answer.value));
  }, []);
  return facts;
}

function linesOf(facts: AboutFacts): readonly (readonly [string, string])[] {
  return [
    ['Electron', facts.electron],
    ['Chrome', facts.chrome],
    ['Node.js', facts.node],
    ['System', facts.system],
    ['Licence', 'MIT'],
    ['Data folder', facts.dataFolder],
  ];
}

function Facts({ facts }: { readonly facts: AboutFacts }) {
  const lines = linesOf(facts);
  const text = [`Larder: ${facts.version}`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return (
    <>
      <dl className="about-facts">
        {lines.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="mono min-w-0 wrap-anywhere select-text">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className="btn" onClick={() => runCommand('open-data-folder')}>
          <FolderOpen aria-hidden />
          Open data folder
        </button>
        <button type="button" className="btn" onClick={() => void copyText(text, 'the details')}>
          <Copy aria-hidden />
          Copy details
        </button>
      </div>
    </>
  );
}
