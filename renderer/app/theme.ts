/** Light or dark: the system's, or the one that Settings fixes. Sets `data-theme` on the document. */
import type { Appearance } from '../../shared/settings';
import { APPEARANCES } from '../../shared/settings';
import { engineStore } from '../state/engine-store';
import { isOneOf, recall, remember } from '../state/remembered';

export function followAppearance(): void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  let appearance: Appearance = recall('appearance', 'system', isOneOf(APPEARANCES));
  const apply = () => {
    const dark = appearance === 'dark' || (appearance === 'system' && system.matches);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  };
  apply();
  system.addEventListener('change', apply);
  engineStore.subscribe(({ settings }) => {
    if (settings === null || settings.appearance === appearance) return;
    appearance = settings.appearance;
    remember('appearance', appearance);
    apply();
  });
}
