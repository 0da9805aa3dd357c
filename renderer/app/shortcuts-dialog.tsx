/** The sheet of all shortcuts: those of the commands, and those that work within a grid or a body. */
import { COMMAND_GROUPS, COMMAND_NAMES, commandFacts } from '../../shared/window-commands';
import { closeDialog } from '../state/dialog-store';
import type { OwnDialogProps } from './dialogs';
import { AppDialog } from './app-dialog';
import { KeyCaps } from './key-caps';

type Shortcut = readonly [title: string, ...keys: string[]];

const ELSEWHERE: readonly { readonly group: string; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    group: 'In a grid',
    shortcuts: [
      ['Walk through the rows', '↑', '↓'],
      ['First, last row', 'Home', 'End'],
      ['Open the details', 'Enter'],
      ['Close the details', 'Esc'],
      ['Menu of the row', 'Shift+F10'],
    ],
  },
  {
    group: 'Among stored responses',
    shortcuts: [
      ['Add the next row to the selection', 'Shift+↓'],
      ['Select or leave out a row', 'Space'],
      ['Select all', 'Mod+A'],
      ['Delete what is selected', 'Delete'],
    ],
  },
  {
    group: 'In a body',
    shortcuts: [
      ['Search in it', 'Mod+F'],
      ['Open, close a branch', '→', '←'],
      ['Copy the value', 'Mod+C'],
      ['Copy its path', 'Mod+Shift+C'],
    ],
  },
  {
    group: 'In a form',
    shortcuts: [
      ['Save the settings', 'Mod+S'],
      ['Send the request', 'Mod+Enter'],
    ],
  },
];

export function ShortcutsDialog({ open, onClosed }: OwnDialogProps) {
  return (
    <AppDialog
      title="Keyboard shortcuts"
      open={open}
      onClosed={onClosed}
      onClose={() => closeDialog('shortcuts')}
      className="wide"
    >
      <div className="shortcut-groups">
        {COMMAND_GROUPS.map((group) => (
          <Group key={group} group={group} shortcuts={shortcutsOf(group)} />
        ))}
        {ELSEWHERE.map(({ group, shortcuts }) => (
          <Group key={group} group={group} shortcuts={shortcuts} />
        ))}
      </div>
    </AppDialog>
  );
}

function shortcutsOf(group: string): readonly Shortcut[] {
  return COMMAND_NAMES.map(commandFacts).flatMap((facts) =>
    facts.group === group && facts.keys !== undefined ? [[facts.title.replace('…', ''), facts.keys]] : [],
  );
}

function Group({ group, shortcuts }: { readonly group: string; readonly shortcuts: readonly Shortcut[] }) {
  if (shortcuts.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-sm text-muted">{group}</h3>
      <dl>
        {shortcuts.map(([title, ...keys]) => (
          <div key={title} className="shortcut-line">
            <dt>{title}</dt>
            <dd className="flex gap-2">
              {keys.map((combination) => (
                <KeyCaps key={combination} keys={combination} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
