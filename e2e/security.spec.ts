/** L10 and L07 of the hostile-input list, asserted in the running app. */
import path from 'node:path';
import { root } from '../scripts/run.mjs';
import { fetchInTime } from './fetch-in-time';
import { test, expect, type RunningLarder } from './larder-app';
import { content } from './recording-origin';

/** What `window.larder.invoke` answers, from within the page. */
function invoke(larder: RunningLarder, channel: string, request?: unknown): Promise<unknown> {
  return larder.page.evaluate(
    ([name, payload]) =>
      (window as unknown as { larder: { invoke(c: unknown, r: unknown): Promise<unknown> } }).larder.invoke(
        name,
        payload,
      ),
    [channel, request] as const,
  );
}

test.describe('L10: the window', () => {
  test('is sandboxed, isolated, and has no Node', async ({ launch }) => {
    const larder = await launch();
    const preferences = await larder.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
    });
    expect(preferences['webviewTag'] ?? false).toBe(false);
    expect(preferences['nodeIntegrationInWorker'] ?? false).toBe(false);
    const globals = await larder.page.evaluate(() => [
      typeof globalThis['require' as never],
      typeof globalThis['process' as never],
    ]);
    expect(globals).toEqual(['undefined', 'undefined']);
    expect(
      await larder.page.evaluate(() => Object.keys((window as unknown as { larder: object }).larder).sort()),
    ).toEqual(['invoke', 'on']);
  });

  test('is served by our own scheme, which serves nothing else', async ({ launch }) => {
    const larder = await launch();
    expect(larder.page.url()).toMatch(/^app:\/\/larder\/index\.html/);
    const statuses = await larder.app.evaluate(async ({ net }) => {
      const paths = ['index.html', '..%2f..%2fpackage.json', '../main/index.cjs', 'nothing.js', '', 'assets'];
      return Promise.all(paths.map(async (path) => (await net.fetch(`app://larder/${path}`)).status));
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
  });

  test('runs no inline script and no eval, and loads nothing from elsewhere', async ({
    launch,
    origin,
    consoleErrors,
  }) => {
    const larder = await launch();
    const wanted = [
      'script-src',
      'script-src-elem',
      'script-src-attr',
      'img-src',
      'frame-src',
      'connect-src',
    ];
    const violations = await larder.page.evaluate(
      async ([elsewhere, directives]) => {
        const missing = new Set(directives);
        const allBlocked = new Promise<void>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => {
            missing.delete(event.effectiveDirective);
            if (missing.size === 0) resolve();
          });
        });
        const inline = document.createElement('script');
        inline.textContent = 'window.inlineRan = true';
        document.head.append(inline);
        const foreign = document.createElement('script');
        foreign.src = `${elsewhere}/evil.js`;
        const image = document.createElement('img');
        image.src = `${elsewhere}/pixel.png`;
        image.setAttribute('onerror', 'window.inlineRan = true');
        const frame = document.createElement('iframe');
        frame.src = `${elsewhere}/frame.html`;
        document.body.append(foreign, image, frame);
        // In a task of its own: what the debugger evaluates itself is exempt from the policy.
        const evalRan = await new Promise<boolean>((resolve) => {
          setTimeout(() => {
            try {
              resolve((0, eval)('true') as boolean);
            } catch {
              resolve(false);
            }
          });
        });
        const fetched = await fetch(`${elsewhere}/data.json`).then(
          () => true,
          () => false,
        );
        await allBlocked;
        for (const element of [inline, foreign, image, frame]) element.remove();
        const { inlineRan } = window as unknown as { inlineRan?: boolean };
        return { evalRan, fetched, inlineRan: inlineRan ?? false };
      },
      [origin.url, wanted] as const,
    );
    expect(violations).toEqual({ evalRan: false, fetched: false, inlineRan: false });
    expect(origin.requests).toEqual([]);
    expect(consoleErrors.length).toBeGreaterThan(0);
    consoleErrors.length = 0;
  });

  test('cannot be navigated away and opens no windows', async ({ launch, origin, consoleErrors }) => {
    const larder = await launch();
    const before = larder.page.url();
    const opened = await larder.page.evaluate((elsewhere) => {
      const window1 = window.open(`${elsewhere}/popup`);
      const link = document.createElement('a');
      link.href = `${elsewhere}/link`;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.target = '';
      link.click();
      link.remove();
      location.href = `${elsewhere}/location`;
      location.href = 'data:text/html,<h1>gone</h1>';
      return window1 !== null;
    }, origin.url);
    expect(opened).toBe(false);
    // Asked in the main process: Playwright itself waits for the navigation that never comes.
    const now = await larder.app.evaluate(async ({ BrowserWindow }) => {
      const [first, ...others] = BrowserWindow.getAllWindows();
      const bridge: unknown = await first?.webContents.executeJavaScript('typeof window.larder');
      return { url: first?.webContents.getURL(), others: others.length, bridge };
    });
    expect(now).toEqual({ url: before, others: 0, bridge: 'object' });
    expect(larder.app.windows()).toHaveLength(1);
    expect(origin.requests).toEqual([]);
    consoleErrors.length = 0;
  });

  test('gets no permissions', async ({ launch, consoleErrors }) => {
    const larder = await launch();
    const answers = await larder.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'];
      const states = names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return state;
      });
      const media = navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'granted',
        () => 'denied',
      );
      const clipboard = navigator.clipboard.readText().then(
        () => 'granted',
        () => 'denied',
      );
      return Promise.all([...states, media, clipboard]);
    });
    expect(new Set(answers)).toEqual(new Set(['denied']));
    consoleErrors.length = 0;
  });

  test('hands only http and https to the system', async ({ launch }) => {
    const larder = await launch();
    await larder.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      (globalThis as unknown as { opened: string[] }).opened = opened;
      shell.openExternal = async (url) => void opened.push(url);
    });
    for (const url of [
      'https://example.com/a',
      'http://localhost:1/',
      'file:///etc/passwd',
      'javascript:1',
      'smb://x/y',
    ]) {
      await invoke(larder, 'shell.open', { url });
    }
    const opened = await larder.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
    expect(opened).toEqual(['https://example.com/a', 'http://localhost:1/']);
  });

  test('answers broken messages with an error and goes on', async ({ launch }) => {
    const larder = await launch();
    const refused = { ok: false, error: { code: 'bad_request' } };
    expect(await invoke(larder, 'no.such-channel')).toMatchObject(refused);
    expect(await invoke(larder, '__proto__')).toMatchObject(refused);
    expect(await invoke(larder, 'cache.entry', { id: '../../etc/passwd' })).toMatchObject(refused);
    expect(await invoke(larder, 'exchange.send', { target: 'http://evil/' })).toMatchObject(refused);
    expect(await invoke(larder, 'cache.delete', 'everything')).toMatchObject(refused);
    expect(await invoke(larder, 'engine.status')).toMatchObject({ ok: true });
  });

  test('is the only one that is answered', async ({ launch }) => {
    const larder = await launch();
    const preload = path.join(root, 'out/preload/index.cjs');
    const answer = await larder.app.evaluate(async ({ BrowserWindow }, script) => {
      const foreign = new BrowserWindow({ show: false, webPreferences: { preload: script, sandbox: true } });
      await foreign.loadURL('data:text/html,<title>foreign</title>');
      const result: unknown = await foreign.webContents.executeJavaScript(
        "window.larder.invoke('cache.clear')",
      );
      foreign.destroy();
      return result;
    }, preload);
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

test.describe('L07: what origins and clients send', () => {
  const script = '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">';
  const bodies: readonly (readonly [path: string, type: string, body: string])[] = [
    ['/page', 'text/html', `<!doctype html><title>x</title>${script}`],
    [
      '/vector',
      'image/svg+xml',
      `<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"><script>window.pwned=1</script></svg>`,
    ],
    ['/data', 'application/json', JSON.stringify({ [script]: script, __proto__x: { a: script } })],
    ['/text', 'text/plain', script],
  ];

  test('is shown and does not run', async ({ launch, origin }) => {
    for (const [path, type, body] of bodies) {
      origin.answer(path, content(type, body, { 'x-note': '<img src=x onerror=window.pwned=1>' }));
    }
    const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
    const proxy = await larder.proxyUrl();
    const { page } = larder;
    for (const [path] of bodies) {
      await fetchInTime(`${proxy}${path}?q=<script>window.pwned=1</script>`, {
        headers: { 'x-probe': script.slice(0, 40) },
      });
      const grid = page.getByRole('grid', { name: 'Live log' });
      await grid.getByRole('row').filter({ hasText: path }).first().click();
      const details = page.getByRole('region', { name: 'Details' });
      await expect(details.getByRole('heading', { name: 'Body' })).toBeVisible();
      await expect(details).toContainText(path);
      expect(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
      expect(await page.locator('iframe, object, embed').count()).toBe(0);
      await page.keyboard.press('Escape');
    }
    // Nothing that was shown asked the origin for anything more.
    expect(origin.requests).toHaveLength(bodies.length);
  });
});
