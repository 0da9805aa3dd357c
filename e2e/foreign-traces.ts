/** Whether anything that others sent has become more than text in the window. */
import { expect, type Page } from '@playwright/test';
import type { EvilListener } from './evil-listener';

export interface Watch {
  /** Fails where a script ran, an element came into being, a dialog opened or a request left. */
  assertNothingForeign(): Promise<void>;
}

/** From now on. */
export function watchForTraces(page: Page, evil: EvilListener): Watch {
  const dialogs: string[] = [];
  const requests: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(?:app:\/\/larder\/|data:|blob:app:\/\/larder\/)/.test(request.url()))
      requests.push(request.url());
  });
  return {
    assertNothingForeign: async () => {
      expect(await foreignElements(page)).toEqual([]);
      for (const frame of page.frames()) {
        const seen = await frame.evaluate(() => ({
          // Of what turns the direction of writing or moves a cursor, only notations may be in sight.
          controls: [
            ...document.body.innerText.matchAll(
              /[\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
            ),
          ].map(({ index }) => document.body.innerText.slice(index - 20, index + 10)),
          ran: (globalThis as { foreignScript?: unknown }).foreignScript,
          polluted: ({} as { foreign?: unknown }).foreign,
        }));
        expect(seen).toEqual({ controls: [], ran: undefined, polluted: undefined });
      }
      expect(page.frames()).toHaveLength(1);
      expect(await page.title()).toBe('Larder');
      expect({ dialogs, requests, visits: evil.visits() }).toEqual({ dialogs: [], requests: [], visits: 0 });
    },
  };
}

/** Elements and attributes that the window itself never has, in its document and in the shadow roots of its editors. */
function foreignElements(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const never = new Set(
      'IFRAME FRAME OBJECT EMBED BASE VIDEO AUDIO MARQUEE TEMPLATE NOSCRIPT MATH FOREIGNOBJECT IMAGE USE ANIMATE'.split(
        ' ',
      ),
    );
    const own = (url: string) => new URL(url, document.baseURI).href.startsWith('app://larder/');
    const checkUrl = (name: string, value: string) => {
      const fine = value.startsWith('data:,') || value.startsWith('blob:app://larder/') || own(value);
      if (!fine) found.push(`${name}=${value}`);
    };
    const walk = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) {
        if (never.has(element.tagName.toUpperCase())) found.push(element.outerHTML.slice(0, 200));
        if (element.tagName === 'META' && element.hasAttribute('http-equiv')) found.push(element.outerHTML);
        for (const { name, value } of element.attributes) {
          if (name.startsWith('on') || name === 'srcdoc' || name === 'ping') found.push(`${name}=${value}`);
          if (/^(?:src|href|xlink:href|action|formaction|background|poster)$/.test(name))
            checkUrl(name, value);
        }
        if (element.shadowRoot !== null) walk(element.shadowRoot);
      }
    };
    walk(document);
    return found;
  });
}
