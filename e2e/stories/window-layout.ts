/** What must hold in every state and at every size: nothing lies outside the window, or under something else. */
import type { Page } from '@playwright/test';

const CONTROLS = 'button, a[href], input, select, textarea, [role="separator"][tabindex="0"]';

/** Controls that cannot be reached by scrolling, or are covered where they stand: `button "Save": covered by div.toast`. */
export function unreachable(page: Page): Promise<readonly string[]> {
  return page.evaluate((selector) => {
    const problems: string[] = [];
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth)
      problems.push(`the page is ${scrollWidth} px wide, the window ${innerWidth}`);
    if (scrollHeight > innerHeight)
      problems.push(`the page is ${scrollHeight} px high, the window ${innerHeight}`);
    const modal = document.querySelector(
      '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]',
    );
    const within = modal ?? document;
    for (const element of within.querySelectorAll<HTMLElement>(selector)) {
      const problem = problemOf(element);
      if (problem !== null) problems.push(`${nameOf(element)}: ${problem}`);
    }
    return problems;

    function problemOf(element: HTMLElement): string | null {
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return null;
      if (element.closest('[aria-hidden="true"], [inert]') !== null) return null;
      element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      const rect = element.getBoundingClientRect();
      // For assistive technology only.
      if (rect.width <= 1 || rect.height <= 1) return null;
      return outside(rect) ?? covered(element, rect);
    }
    function outside({ left, right, top, bottom }: DOMRect): string | null {
      if (left < -1 || right > innerWidth + 1)
        return `from ${left} to ${right} in a window ${innerWidth} px wide`;
      if (top > innerHeight - 4 || bottom < 4)
        return `from ${top} to ${bottom} in a window ${innerHeight} px high`;
      return null;
    }
    function covered(element: HTMLElement, { left, right, top, bottom }: DOMRect): string | null {
      const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
      const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
      const there = document.elementFromPoint(x, y);
      if (there === null) return 'nothing is there';
      if (element.contains(there) || there.contains(element) || labels(element, there)) return null;
      // In a small window the details lie over the grid until they are closed.
      if (there.closest('section[aria-label="Details"]') !== null) return null;
      return `covered by ${there.localName}.${there.className}`;
    }
    function labels(element: HTMLElement, there: Element): boolean {
      return there.closest('label')?.contains(element) ?? false;
    }
    function nameOf(element: HTMLElement): string {
      const words = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? '';
      return `${element.localName} "${words}"`;
    }
  }, CONTROLS);
}

/** Texts that are cut off although they have neither an ellipsis nor a way to scroll. */
export function clippedTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const clipped: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, h1, h2, h3, label, legend, dt, th',
    )) {
      if (!element.checkVisibility() || element.clientWidth <= 1) continue;
      const style = getComputedStyle(element);
      const isCut = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible';
      if (isCut && style.textOverflow !== 'ellipsis')
        clipped.push(`${element.localName} "${element.textContent}"`);
    }
    return clipped;
  });
}
