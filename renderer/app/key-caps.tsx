import { keyCaps } from '../../shared/window-commands';
import { isMac } from './window-commands';

/** A shortcut as it stands on the keyboard. @param keys such as `Mod+Shift+Backspace` */
export function KeyCaps({ keys }: { readonly keys: string }) {
  return (
    <span className="key-caps">
      {keyCaps(keys, isMac()).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
