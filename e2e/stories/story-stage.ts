/**
 * The stage for stories: the real app in the real Electron, whose main process answers the window with what a
 * story says instead of what the engine knows, so that every state can be shown and looks the same each time.
 */
import type { Page } from '@playwright/test';
import type { IpcChannel, IpcEventName, IpcEvents, IpcResponses, IpcResult } from '../../shared/ipc-contract';
import { expect, type RunningLarder } from '../larder-app';

/** What a channel answers: a value, an error, or nothing for as long as the story is shown. */
export type StoryAnswer<C extends IpcChannel> = IpcResult<IpcResponses[C]> | 'never';
export type StoryAnswers = { readonly [C in IpcChannel]?: StoryAnswer<C> };

export interface Story {
  readonly answers: StoryAnswers;
  /** Sent once the window has asked for its state. */
  readonly events?: { readonly [E in IpcEventName]?: IpcEvents[E] };
  /** What is done in the window before it is looked at. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** What the window remembers from before, by the names of renderer/state/remembered.ts. */
  readonly remembered?: Readonly<Record<string, unknown>>;
}

export interface Look {
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** 2: everything twice as large. */
  readonly zoom?: number;
}

/** Every story happens at this moment, in UTC. */
export const STORY_TIME = Date.UTC(2026, 4, 18, 14, 2, 31);

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const failed = (message: string) => ({ ok: false, error: { code: 'internal', message } }) as const;

/** Takes the window out of the engine's hands. Once for each start of the app. */
export async function takeStage({ app, page }: RunningLarder): Promise<void> {
  await page.clock.setFixedTime(STORY_TIME);
  await app.evaluate(({ ipcMain, BrowserWindow }) => {
    const stage = { answers: {} as Record<string, unknown>, send: (_name: string, _payload: unknown) => {} };
    Object.assign(globalThis, { stage });
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error('there is no window');
    stage.send = contents.send.bind(contents);
    contents.send = () => {};
    const known = (ipcMain as unknown as { _invokeHandlers: Map<string, unknown> })._invokeHandlers;
    const channels = Array.from(known.keys());
    for (const channel of channels) {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, (_event, request: unknown) => answerOf(channel, request));
    }
    function answerOf(channel: string, request: unknown): unknown {
      const answer = stage.answers[channel];
      if (answer === 'never') return new Promise(() => {});
      if (answer === undefined)
        return { ok: false, error: { code: 'internal', message: `no story for ${channel}` } };
      return inSlices(answer, request);
    }
    /** `{all}`: the answer is the part that was asked for. */
    function inSlices(answer: unknown, request: unknown): unknown {
      const { value } = answer as { value?: { all?: unknown[] } };
      if (value?.all === undefined) return answer;
      const { offset = 0, limit = 100 } = request as { offset?: number; limit?: number };
      const { all, ...rest } = value;
      return { ok: true, value: { ...rest, entries: all.slice(offset, offset + limit) } };
    }
  });
}

/** Shows a story from its beginning. */
export async function show({ app, page }: RunningLarder, story: Story, look: Look): Promise<void> {
  const zoom = look.zoom ?? 1;
  await app.evaluate(
    ({ BrowserWindow, nativeTheme }, { answers, look: { theme, width, height } }) => {
      const { stage } = globalThis as unknown as { stage: { answers: unknown } };
      stage.answers = answers;
      nativeTheme.themeSource = theme;
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    },
    { answers: story.answers, look },
  );
  await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' });
  await page.evaluate((remembered) => {
    localStorage.clear();
    for (const [name, value] of Object.entries(remembered)) {
      localStorage.setItem(`larder.${name}`, JSON.stringify(value));
    }
  }, story.remembered ?? {});
  await page.reload();
  await app.evaluate(
    ({ BrowserWindow }, factor) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(factor),
    zoom,
  );
  const size = () => page.evaluate(() => [innerWidth, innerHeight]);
  await expect.poll(size).toEqual([Math.round(look.width / zoom), Math.round(look.height / zoom)]);
  await expect(page.getByRole('button', { name: 'Clear cache', exact: true })).toBeVisible();
  // Places are loaded when they are first shown: until then there is a heading, and banners perhaps.
  await page.locator('main > :not(h1):not([role="alert"])').first().waitFor();
  for (const [name, payload] of Object.entries(story.events ?? {})) await send(app, name, payload);
  await story.prepare?.(page);
  await settled(page);
}

function send(app: RunningLarder['app'], name: string, payload: unknown): Promise<void> {
  return app.evaluate(
    (_electron, [event, value]) => {
      (globalThis as unknown as { stage: { send(name: unknown, payload: unknown): void } }).stage.send(
        event,
        value,
      );
    },
    [name, payload] as const,
  );
}

/** Two frames after the last change, and fonts are there. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
