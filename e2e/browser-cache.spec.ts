/**
 * Policy `override` in front of a real browser with a cache of its own: what a developer sees on a visit, a
 * reload, a hard reload, back and forward, and what of it reaches the origin.
 */
import type { Page } from 'playwright';
import { fetchInTime } from './fetch-in-time';
import { test as larderTest, expect } from './larder-app';
import type { Answer, RecordingOrigin } from './recording-origin';
import { launchBrowser } from './web-browser';

const PATHS = ['/', '/script.js', '/style.css', '/image.svg', '/data.json'] as const;
type Path = (typeof PATHS)[number];
/** The fields of a request that concern caching. */
type CachingFields = Partial<Record<'cache-control' | 'pragma' | 'if-none-match', string>>;

/** The same for the page and all that it loads. */
function all<T>(value: T): Record<Path, T> {
  return Object.fromEntries(PATHS.map((path) => [path, value])) as Record<Path, T>;
}

const RELOAD: CachingFields = { 'cache-control': 'max-age=0' };
const HARD_RELOAD: CachingFields = { 'cache-control': 'no-cache', pragma: 'no-cache' };

const html = (edition: number, body: string) =>
  `<!doctype html><html data-page="${edition}"><link rel="icon" href="data:,"><title>Shop</title>${body}</html>`;

const FILES: Readonly<Record<string, readonly [type: string, body: (edition: number) => string]>> = {
  '/': [
    'text/html',
    (edition) =>
      html(
        edition,
        `<link rel="stylesheet" href="/style.css"><img src="/image.svg"><script src="/script.js"></script>
         <a href="/other">Other</a>`,
      ),
  ],
  '/other': ['text/html', (edition) => html(edition, '<a href="/">Home</a>')],
  '/script.js': [
    'text/javascript',
    (edition) => `
      const show = document.documentElement.dataset;
      show.script = ${edition};
      fetch('/data.json').then((response) => response.json()).then((data) => (show.data = data.edition));`,
  ],
  '/style.css': ['text/css', (edition) => `:root { --edition: ${edition} }`],
  '/image.svg': [
    'image/svg+xml',
    (edition) => `<svg xmlns="http://www.w3.org/2000/svg" width="${edition}" height="1"/>`,
  ],
  '/data.json': ['application/json', (edition) => JSON.stringify({ edition })],
};

interface Site {
  /** From now on every file is the next edition. */
  change(): void;
  /** What requests said about caching, by path; emptied before each step. */
  asked: Record<string, CachingFields[]>;
}

/** Puts the files on the origin. With `tags` each has an ETag, and a matching If-None-Match gets a 304. */
function publish(origin: RecordingOrigin, cacheControl: string, tags = false): Site {
  let edition = 1;
  const site: Site = { asked: {}, change: () => void (edition += 1) };
  const answerWith =
    (path: string, type: string, body: (edition: number) => string): Answer =>
    (request, response) => {
      const { 'cache-control': control, pragma, 'if-none-match': condition } = request.headers;
      (site.asked[path] ??= []).push({
        ...(control === undefined ? {} : { 'cache-control': control }),
        ...(pragma === undefined ? {} : { pragma }),
        ...(condition === undefined ? {} : { 'if-none-match': condition }),
      });
      const fields = { 'cache-control': cacheControl, ...(tags ? { etag: `"${edition}"` } : {}) };
      if (tags && condition === `"${edition}"`) response.writeHead(304, fields).end();
      else response.writeHead(200, { 'content-type': type, ...fields }).end(body(edition));
    };
  for (const [path, [type, body]] of Object.entries(FILES)) origin.answer(path, answerWith(path, type, body));
  return site;
}

/** Which edition of each file the page shows; NaN for what is not there yet. */
function editionsShown(page: Page): Promise<Record<Path, number>> {
  return page.evaluate(() => {
    const { dataset } = document.documentElement;
    return {
      '/': Number(dataset['page']),
      '/script.js': Number(dataset['script']),
      '/style.css': Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--edition')),
      '/image.svg': Number(document.images[0]?.naturalWidth),
      '/data.json': Number(dataset['data']),
    };
  });
}

const OTHER_PAGE: Record<Path, number> = { ...all(Number.NaN), '/': 1 };

interface Seen {
  /** The edition of each file that the page shows. */
  readonly shown: Record<Path, number>;
  /** `X-Cache` by path, as the browser's developer tools show it. Paths that are left out may have any. */
  readonly xCache: Readonly<Record<string, string>>;
  /** What reached the origin, by path. */
  readonly asked: Site['asked'];
}

class Visitor {
  readonly page: Page;
  readonly proxy: string;
  readonly #site: Site;
  #xCache: Record<string, string | undefined> = {};

  constructor(page: Page, proxy: string, site: Site) {
    this.page = page;
    this.proxy = proxy;
    this.#site = site;
    page.on('response', (response) => {
      if (!response.url().startsWith(proxy)) return;
      this.#xCache[new URL(response.url()).pathname] = response.headers()['x-cache'];
    });
  }

  /** Does one thing, and checks what came of it once the page has all its parts. */
  async sees(action: () => Promise<unknown>, { shown, xCache, asked }: Seen): Promise<void> {
    this.#site.asked = {};
    this.#xCache = {};
    await action();
    await expect.poll(() => editionsShown(this.page)).toEqual(shown);
    await expect.poll(() => this.#xCache).toMatchObject(xCache);
    expect(this.#site.asked).toEqual(asked);
  }

  visit = () => this.page.goto(`${this.proxy}/`);

  reload = () => this.page.reload();

  /** Ctrl+Shift+R. */
  hardReload = async () => {
    const tools = await this.page.context().newCDPSession(this.page);
    const loaded = this.page.waitForEvent('load');
    await tools.send('Page.reload', { ignoreCache: true });
    await loaded;
  };

  disableCache = async () => {
    const tools = await this.page.context().newCDPSession(this.page);
    await tools.send('Network.enable');
    await tools.send('Network.setCacheDisabled', { cacheDisabled: true });
  };

  clearLarder = async () => {
    const response = await fetchInTime(`${this.proxy}/cache/clear`, { method: 'POST' });
    expect(response.status).toBe(200);
  };

  /** Follows the page's link. */
  follow = async (path: '/' | '/other') => {
    await Promise.all([this.page.waitForURL(this.proxy + path), this.page.getByRole('link').click()]);
  };

  /** Playwright switches off the browser's back/forward cache, which would need no request at all. */
  back = () => this.page.goBack();

  forward = () => this.page.goForward();

  /** The edition that the page gets when it fetches data once it has loaded. */
  fetchData(cache: RequestCache = 'default'): Promise<number> {
    return this.page.evaluate(async (mode) => {
      const response = await fetch('/data.json', { cache: mode });
      return ((await response.json()) as { edition: number }).edition;
    }, cache);
  }
}

/** `arrive` starts Larder and the browser, and makes the first visit. */
const test = larderTest.extend<{ arrive: (site: Site) => Promise<Visitor> }>({
  arrive: async ({ launch, origin }, use) => {
    const browser = await launchBrowser();
    await use(async (site) => {
      const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
      const proxy = await larder.proxyUrl();
      const context = await browser.newContext();
      const visitor = new Visitor(await context.newPage(), proxy, site);
      await visitor.sees(visitor.visit, { shown: all(1), xCache: all('MISS'), asked: all([{}]) });
      return visitor;
    });
    await browser.close();
  },
});

test.describe('where the origin says no-store, so that the browser keeps nothing', () => {
  test('from the second visit on the page and all that it loads come from the larder, as they were', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    site.change();
    await visitor.sees(visitor.visit, { shown: all(1), xCache: all('HIT'), asked: {} });
    await visitor.follow('/other');
    await visitor.sees(() => visitor.follow('/'), { shown: all(1), xCache: all('HIT'), asked: {} });
  });

  test('a reload brings the page new, and what it loads from the larder, as it was', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    site.change();
    const shown = { ...all(1), '/': 2 };
    await visitor.sees(visitor.reload, {
      shown,
      xCache: { ...all('HIT'), '/': 'MISS' },
      asked: { '/': [RELOAD] },
    });
    site.change();
    await visitor.sees(visitor.visit, { shown, xCache: all('HIT'), asked: {} });
  });

  test('a hard reload brings all new, and the larder keeps that for the next visit', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    site.change();
    await visitor.sees(visitor.hardReload, { shown: all(2), xCache: all('MISS'), asked: all([HARD_RELOAD]) });
    site.change();
    await visitor.sees(visitor.visit, { shown: all(2), xCache: all('HIT'), asked: {} });
  });

  test('back and forward show what the larder has, and the origin is not asked', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    await visitor.follow('/other');
    site.change();
    // What the page loads may still be in the browser's memory, with the X-Cache of then.
    await visitor.sees(visitor.back, { shown: all(1), xCache: { '/': 'HIT' }, asked: {} });
    await visitor.sees(visitor.forward, { shown: OTHER_PAGE, xCache: { '/other': 'HIT' }, asked: {} });
    await visitor.sees(visitor.back, { shown: all(1), xCache: { '/': 'HIT' }, asked: {} });
  });

  test('data fetched after the page has loaded is as it was even after a hard reload, unless fetch asks for new', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    await visitor.sees(visitor.hardReload, { shown: all(1), xCache: all('MISS'), asked: all([HARD_RELOAD]) });
    site.change();
    expect(await visitor.fetchData()).toBe(1);
    expect(await visitor.fetchData('reload')).toBe(2);
    site.change();
    expect(await visitor.fetchData()).toBe(2);
  });

  test('with "Disable cache" in the developer tools nothing is a hit: every request asks for new', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    await visitor.disableCache();
    site.change();
    await visitor.sees(visitor.visit, { shown: all(2), xCache: all('MISS'), asked: all([HARD_RELOAD]) });
    site.change();
    await visitor.sees(visitor.visit, { shown: all(3), xCache: all('MISS'), asked: all([HARD_RELOAD]) });
  });

  test('after Clear cache the next visit is all new', async ({ arrive, origin }) => {
    const site = publish(origin, 'no-store');
    const visitor = await arrive(site);
    site.change();
    await visitor.clearLarder();
    await visitor.sees(visitor.visit, { shown: all(2), xCache: all('MISS'), asked: all([{}]) });
  });
});

test.describe('where the origin says no-cache and gives an ETag, so that the browser asks before it uses its copy', () => {
  test('the larder tells the browser that its copies are good, and the origin is not asked', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-cache', true);
    const visitor = await arrive(site);
    site.change();
    await visitor.sees(visitor.visit, { shown: all(1), xCache: all('HIT'), asked: {} });
  });

  test('a reload of an unchanged page costs the origin a 304', async ({ arrive, origin }) => {
    const visitor = await arrive(publish(origin, 'no-cache', true));
    await visitor.sees(visitor.reload, {
      shown: all(1),
      xCache: all('HIT'),
      asked: { '/': [{ ...RELOAD, 'if-none-match': '"1"' }] },
    });
  });

  test('a reload brings a changed page new, and what it loads as it was', async ({ arrive, origin }) => {
    const site = publish(origin, 'no-cache', true);
    const visitor = await arrive(site);
    site.change();
    await visitor.sees(visitor.reload, {
      shown: { ...all(1), '/': 2 },
      xCache: { ...all('HIT'), '/': 'MISS' },
      asked: { '/': [{ ...RELOAD, 'if-none-match': '"1"' }] },
    });
  });

  test('a hard reload costs the origin a 304 for each file, and brings new what has changed', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-cache', true);
    const visitor = await arrive(site);
    // The browser names no ETag here; the larder does.
    const asked = all([{ ...HARD_RELOAD, 'if-none-match': '"1"' }]);
    await visitor.sees(visitor.hardReload, { shown: all(1), xCache: all('HIT'), asked });
    site.change();
    await visitor.sees(visitor.hardReload, { shown: all(2), xCache: all('MISS'), asked });
  });

  test('back and forward are answered by the browser itself, with the X-Cache of then', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'no-cache', true);
    const visitor = await arrive(site);
    await visitor.follow('/other');
    site.change();
    await visitor.clearLarder();
    await visitor.sees(visitor.back, { shown: all(1), xCache: all('MISS'), asked: {} });
    await visitor.sees(visitor.forward, { shown: OTHER_PAGE, xCache: { '/other': 'MISS' }, asked: {} });
  });
});

test.describe('where the origin says max-age, so that the browser uses its copy without asking', () => {
  test('a visit does not reach the larder, and clearing it changes nothing until a hard reload', async ({
    arrive,
    origin,
  }) => {
    const site = publish(origin, 'max-age=600');
    const visitor = await arrive(site);
    site.change();
    await visitor.clearLarder();
    await visitor.sees(visitor.visit, { shown: all(1), xCache: all('MISS'), asked: {} });
    await visitor.sees(visitor.hardReload, { shown: all(2), xCache: all('MISS'), asked: all([HARD_RELOAD]) });
    await visitor.sees(visitor.visit, { shown: all(2), xCache: all('MISS'), asked: {} });
  });
});
