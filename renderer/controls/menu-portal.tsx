/** Where the menus of a place are drawn: within its landmark, for those who go from landmark to landmark. */
import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';

/** Looked up when a menu opens: while the window is first drawn the landmark is not in the document yet. */
const place = {
  get current() {
    return document.querySelector('main');
  },
};

export function MenuPortal({ children }: { readonly children: ReactNode }) {
  return <Menu.Portal container={place}>{children}</Menu.Portal>;
}
