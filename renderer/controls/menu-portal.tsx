/** Where the menus of a place are drawn: within its landmark, for those who go from landmark to landmark. */
import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';

export function MenuPortal({ children }: { readonly children: ReactNode }) {
  return <Menu.Portal container={document.querySelector('main')}>{children}</Menu.Portal>;
}
