/**
 * The window in every state: as the committed picture shows it, without a finding of axe, and whole at 200 % zoom.
 * `npm run stories` draws the pictures anew.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, launchLarder, test as base, type RunningLarder } from '../larder-app';
import { axeFindings } from './axe-findings';
import { STORIES } from './stories';
import { show, takeStage, type Look } from './story-stage';
import { clippedTexts, unreachable } from './window-layout';

/** One app for all stories; an error in its console fails the story that caused it. */
const test = base.extend<object, { stage: { larder: RunningLarder; errors: string[] } }>({
  stage: [
    async ({}, use) => {
      const dataDir = await mkdtemp(path.join(tmpdir(), 'larder-stories-'));
      const errors: string[] = [];
      const larder = await launchLarder({ dataDir, env: { TZ: 'UTC', LANG: 'C.UTF-8' } }, errors);
      await takeStage(larder);
      await use({ larder, errors });
      await larder.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker' },
  ],
});

/** The committed pictures are drawn with this font; with another one no line of text is where it was. */
const FONT = 'DejaVu Sans';
const hasFont = spawnSync('fc-match', ['sans-serif'], { encoding: 'utf8' }).stdout?.includes(FONT) ?? false;

const lookName = ({ theme, width, height }: Look) => `${theme}-${width}x${height}`;

test.beforeEach(({ stage }) => void (stage.errors.length = 0));
test.afterEach(({ stage }) => expect(stage.errors, 'errors in the console of the window').toEqual([]));

for (const story of STORIES) {
  for (const look of story.looks) {
    test(`${story.name}, ${lookName(look)}`, async ({ stage: { larder } }) => {
      await show(larder, story, look);
      if (hasFont) await expect.soft(larder.page).toHaveScreenshot(`${story.name}-${lookName(look)}.png`);
      expect.soft(await axeFindings(larder.page)).toEqual([]);
      expect(await unreachable(larder.page)).toEqual([]);
      test.skip(!hasFont, `the picture is not compared: it is drawn with ${FONT} on Linux`);
    });
  }

  test(`${story.name} at 200 % zoom`, async ({ stage: { larder } }) => {
    await show(larder, story, { theme: 'light', width: 1200, height: 780, zoom: 2 });
    expect(await unreachable(larder.page)).toEqual([]);
    expect(await clippedTexts(larder.page)).toEqual([]);
  });
}
