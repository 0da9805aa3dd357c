/** The command palette: everything that can be done or gone to, found by typing a part of its name. */
import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import {
  ArrowRight,
  Database,
  Filter,
  Search,
  Send,
  SlidersHorizontal,
  UserRound,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import type { OwnDialogProps } from '../app/dialogs';
import { KeyCaps } from '../app/key-caps';
import { closeDialog } from '../state/dialog-store';
import type { PaletteEntry } from './rank-entries';
import { usePaletteEntries } from './use-palette-entries';

const ICONS: Readonly<Record<PaletteEntry['kind'], LucideIcon>> = {
  command: ArrowRight,
  profile: UserRound,
  path: Filter,
  send: Send,
  stored: Database,
  setting: SlidersHorizontal,
};

/** What was chosen, to be done when the palette has gone and given the focus back. */
let chosenRun: (() => void) | null = null;

export function PaletteDialog({ open, onClosed }: OwnDialogProps) {
  const gone = () => {
    onClosed();
    const run = chosenRun;
    chosenRun = null;
    run?.();
  };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(isOpen) => !isOpen && closeDialog('palette')}
      onOpenChangeComplete={(isOpen) => !isOpen && gone()}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="palette">
          <Dialog.Title className="sr-only">Command palette</Dialog.Title>
          <Palette />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette() {
  const [query, setQuery] = useState('');
  const groups = usePaletteEntries(query);
  // The best match is the one that Enter takes, until the arrows choose another.
  const [chosen, setChosen] = useState('');
  const ids = groups.flatMap(({ entries }) => entries.map(({ id }) => id.toLowerCase()));
  const value = ids.includes(chosen.toLowerCase()) ? chosen : (ids[0] ?? '');
  return (
    <Command label="Command palette" shouldFilter={false} loop value={value} onValueChange={setChosen}>
      <div className="palette-search">
        <Search aria-hidden />
        <Command.Input
          value={query}
          onValueChange={(text) => {
            setQuery(text);
            setChosen('');
          }}
          placeholder="Search commands, paths, settings and stored responses"
          spellCheck={false}
        />
      </div>
      <Command.List className="palette-list" label="What there is to do">
        {groups.map(({ name, entries }) => (
          <Command.Group key={name} heading={name}>
            {entries.map((entry) => (
              <Item key={entry.id} entry={entry} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
      {groups.length === 0 && (
        <p role="status" className="palette-empty">
          Nothing is called “{query}”. Try a command, a path such as /products, or the name of a setting.
        </p>
      )}
      <p className="palette-foot" aria-hidden>
        <kbd>↑</kbd>
        <kbd>↓</kbd> choose <kbd>Enter</kbd> do it <kbd>Esc</kbd> close
      </p>
    </Command>
  );
}

function Item({ entry: { id, title, code, keys, kind, run } }: { readonly entry: PaletteEntry }) {
  const Icon = ICONS[kind];
  const choose = () => {
    chosenRun = run;
    closeDialog('palette');
  };
  return (
    <Command.Item value={id} onSelect={choose} className="palette-item">
      <Icon aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        {code === undefined ? title : title.slice(0, title.length - code.length)}
        {code !== undefined && <span className="mono">{code}</span>}
      </span>
      {keys !== undefined && <KeyCaps keys={keys} />}
    </Command.Item>
  );
}
