/** L10 of the hostile-input list, asserted in the running app. packaged-app.spec.ts has the fuses, xss.spec.ts L07. */
import path from 'node:path';
import { root } from '../scripts/run.mjs';
import { IPC_REQUESTS } from '../shared/ipc-contract';
import { startEvil, type EvilListener } from './evil-listener';
import { test as base, expect, type RunningLarder } from './larder-app';
import { NAVIGATIONS, NETWORK_USES, PERMISSIONS, SCRIPTS } from './page-attacks';

const test = base.extend<{ evil: EvilListener; consoleErrors: string[] }>({
  // Refusals are what is asked for here, and Chromium reports them when it likes.
  consoleErrors: ({}, use) => use([]),
  evil: async ({}, use) => {
    const evil = await startEvil();
    await use(evil);
    await evil.close();
  },
});

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

/** Runs it in the page as if a person had just clicked. Asked in main: Playwright itself would wait for a navigation
 *  that never comes. */
function inPage({ app }: RunningLarder, code: string): Promise<unknown> {
  return app.evaluate(({ BrowserWindow }, text): Promise<unknown> => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) throw new Error('there is no window');
    return window.webContents.executeJavaScript(text, true);
  }, code);
}

/** URLs at which the window was about to go, from now on. */
const navigationsOf = ({ app }: RunningLarder) =>
  app.evaluateHandle(({ BrowserWindow }) => {
    const urls: string[] = [];
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    contents?.on('will-frame-navigate', ({ url }) => void urls.push(url));
    return urls;
  });

/** What there is to see of a navigation or of a window that was opened. */
const whereIsIt = ({ app }: RunningLarder) =>
  app.evaluate(async ({ BrowserWindow, webContents }) => {
    const [first] = BrowserWindow.getAllWindows();
    const bridge: unknown = await first?.webContents.executeJavaScript('typeof window.larder');
    return { url: first?.webContents.getURL(), contents: webContents.getAllWebContents().length, bridge };
  });

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
    for (const off of [
      'webviewTag',
      'nodeIntegrationInWorker',
      'nodeIntegrationInSubFrames',
      'allowRunningInsecureContent',
      'experimentalFeatures',
    ]) {
      expect(preferences[off] ?? false, off).toBe(false);
    }
    const globals = await larder.page.evaluate(() => {
      const names = ['require', 'process', 'Buffer', 'module', 'global'];
      return names.filter((name) => typeof globalThis[name as never] !== 'undefined');
    });
    expect(globals).toEqual([]);
    expect(
      await larder.page.evaluate(() => Object.keys((window as unknown as { larder: object }).larder).sort()),
    ).toEqual(['invoke', 'on']);
  });

  test('is served by our own scheme, under a policy, which serves nothing else', async ({ launch }) => {
    const larder = await launch();
    expect(larder.page.url()).toMatch(/^app:\/\/larder\/index\.html/);
    const { statuses, fields } = await larder.app.evaluate(async ({ net }) => {
      const get = (target: string) => net.fetch(`app://larder/${target}`);
      const targets = [
        'index.html',
        '..%2f..%2fpackage.json',
        '../main/index.cjs',
        '%5c..%5cmain%5cindex.cjs',
        'nothing.js',
        '',
        'assets',
      ];
      const responses = await Promise.all(targets.map(get));
      const [page] = responses;
      return {
        statuses: responses.map(({ status }) => status),
        fields: Object.fromEntries(page?.headers.entries() ?? []),
      };
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404]);
    expect(fields).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    const policy = Object.fromEntries(
      (fields['content-security-policy'] ?? '').split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    );
    expect(policy['default-src']).toEqual(["'none'"]);
    for (const name of ['script-src', 'worker-src', 'style-src', 'font-src'])
      expect(policy[name], name).toEqual(["'self'"]);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors'])
      expect(policy[name], name).toEqual(["'none'"]);
    expect(JSON.stringify(policy)).not.toMatch(/unsafe|https?:|\*/);
  });

  test('runs no script but its own, however it is brought in', async ({ launch, evil }) => {
    const larder = await launch();
    const ran: string[] = [];
    for (const [name, code] of Object.entries(SCRIPTS(evil.url))) {
      await inPage(larder, `delete window.foreignScript; ${code}`);
      if ((await inPage(larder, 'typeof window.foreignScript')) !== 'undefined') ran.push(name);
    }
    expect(ran).toEqual([]);
    expect(evil.visits()).toBe(0);
  });

  test('reaches no network', async ({ launch, evil }) => {
    const larder = await launch();
    for (const code of Object.values(NETWORK_USES(evil.url, evil.port)))
      expect(await inPage(larder, code)).toBe('tried');
    expect(evil.visits()).toBe(0);
  });

  test('cannot be navigated away and opens no windows', async ({ launch, evil }) => {
    const larder = await launch();
    const before = await whereIsIt(larder);
    const tried = await navigationsOf(larder);
    const expected: string[] = [];
    for (const [code, url] of NAVIGATIONS(evil.url)) {
      await inPage(larder, code);
      if (url === null) continue;
      expected.push(url);
      await expect.poll(() => tried.jsonValue()).toEqual(expected);
    }
    expect(await whereIsIt(larder)).toEqual(before);
    expect(larder.app.windows()).toHaveLength(1);
    expect(evil.visits()).toBe(0);
  });

  test('stays where it is when an address is dropped on it', async ({ launch, evil }) => {
    const larder = await launch();
    const before = await whereIsIt(larder);
    const session = await larder.page.context().newCDPSession(larder.page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', {
        type,
        x: 300,
        y: 300,
        data: { items: [{ mimeType: 'text/uri-list', data: `${evil.url}/dropped` }], dragOperationsMask: 1 },
      });
    }
    expect(await whereIsIt(larder)).toEqual(before);
    expect(evil.visits()).toBe(0);
  });

  test('gets no permissions', async ({ launch }) => {
    const larder = await launch();
    for (const [name, code] of Object.entries(PERMISSIONS)) {
      const answer = await inPage(larder, `(${code})().then(String, (error) => error.name)`);
      expect(answer, name).toMatch(
        /^(denied|false|NotAllowedError|NotFoundError|SecurityError|NotSupportedError|1)$/,
      );
    }
  });

  test('hands to the system only https, and http to the servers that a person has set', async ({
    launch,
    origin,
  }) => {
    const larder = await launch({ flags: ['--origin', origin.url, '--port', '0'] });
    const proxy = await larder.proxyUrl();
    await larder.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      (globalThis as unknown as { opened: string[] }).opened = opened;
      shell.openExternal = async (url) => void opened.push(url);
    });
    const allowed = ['https://example.com/a', `${proxy}/a`, `${origin.url}/a`];
    const refused = [
      'http://example.com/a',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      'javascript:1',
      'data:text/html,x',
      'smb://x/y',
      'vscode://file/x',
      'https://user:secret@example.com/',
    ];
    for (const url of [...refused, ...allowed]) {
      expect(await invoke(larder, 'shell.open', { url })).toEqual({
        ok: true,
        value: { opened: allowed.includes(url) },
      });
    }
    const opened = await larder.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
    expect(opened).toEqual(allowed);
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

  test('is the only one that is answered, on every channel', async ({ launch }) => {
    const larder = await launch();
    const preload = path.join(root, 'out/preload/index.cjs');
    const channels = Object.keys(IPC_REQUESTS);
    const codes = await larder.app.evaluate(
      async ({ BrowserWindow }, { script, names }) => {
        const found: Record<string, unknown> = {};
        // A stranger, and one that shows a page of ours.
        for (const url of ['data:text/html,<title>foreign</title>', 'app://larder/nothing.js']) {
          const foreign = new BrowserWindow({
            show: false,
            webPreferences: { preload: script, sandbox: true },
          });
          await foreign.loadURL(url);
          const ask = `Promise.all(${JSON.stringify(names)}.map((name) => window.larder.invoke(name)))`;
          const answers = (await foreign.webContents.executeJavaScript(ask)) as {
            error?: { code?: string };
          }[];
          found[url] = [...new Set(answers.map(({ error }) => error?.code))];
          foreign.destroy();
        }
        return found;
      },
      { script: preload, names: channels },
    );
    expect(channels.length).toBeGreaterThan(40);
    expect(Object.values(codes)).toEqual([['forbidden'], ['forbidden']]);
    // A frame within the window has no door of its own to knock at.
    const inFrame = await larder.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const door = typeof (frame.contentWindow as unknown as { larder?: unknown }).larder;
      frame.remove();
      return door;
    });
    expect(inFrame).toBe('undefined');
    expect(await invoke(larder, 'engine.status')).toMatchObject({ ok: true });
  });
});
