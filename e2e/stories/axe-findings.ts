/** What axe has to say about the window as it stands: nothing, it is to be hoped. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** One line a finding: the rule, the element, and what is wrong with it. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // The other mode opens a page of its own, which Electron does not.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    // What keeps the focus within an open menu is out of sight and passes it on at once.
    .exclude('[data-base-ui-focus-guard]')
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary ?? ''}`),
  );
}
