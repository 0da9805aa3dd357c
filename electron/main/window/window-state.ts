/**
 * Where the window stood, remembered across restarts in `window-state.json`. What is read back is checked
 * against the displays of today: a window must not open on a screen that is gone.
 */
import { z } from 'zod';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Null: let the system place it. */
  readonly position: { readonly x: number; readonly y: number } | null;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
  /** Factor of the zoom; 1 is as drawn. */
  readonly zoom: number;
  /** That a closed window leaves Larder running in the tray has been said. */
  readonly trayToldOf: boolean;
}

export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;
export const DEFAULT_WINDOW_STATE: WindowState = {
  position: null,
  width: 1200,
  height: 780,
  maximized: false,
  zoom: 1,
  trayToldOf: false,
};

/** So much of the window must be on a display to be found and dragged, in pixels. */
const VISIBLE_WIDTH = 120;
const VISIBLE_HEIGHT = 48;

const savedSchema = z.object({
  version: z.literal(1),
  x: z.number().int().nullable(),
  y: z.number().int().nullable(),
  width: z.number().int().min(1).max(100_000),
  height: z.number().int().min(1).max(100_000),
  maximized: z.boolean(),
  zoom: z.number().min(0.5).max(3).default(1),
  trayToldOf: z.boolean().default(false),
});

/** The state to open with, from the file's text; the default for anything unusable. */
export function parseWindowState(text: string, workAreas: readonly Bounds[]): WindowState {
  const parsed = savedSchema.safeParse(jsonOrNull(text));
  if (!parsed.success) return DEFAULT_WINDOW_STATE;
  const { x, y, maximized, zoom, trayToldOf } = parsed.data;
  const rest = { maximized, zoom, trayToldOf };
  const width = Math.max(parsed.data.width, MIN_WIDTH);
  const height = Math.max(parsed.data.height, MIN_HEIGHT);
  if (x === null || y === null) return { position: null, width, height, ...rest };
  const visible = workAreas.some((area) => canBeGrabbed({ x, y, width, height }, area));
  return { position: visible ? { x, y } : null, width, height, ...rest };
}

export function formatWindowState(
  bounds: Bounds,
  rest: Pick<WindowState, 'maximized' | 'zoom' | 'trayToldOf'>,
): string {
  const { x, y, width, height } = bounds;
  return `${JSON.stringify({ version: 1, x, y, width, height, ...rest })}\n`;
}

/** The title bar's height lies within the display, and enough of its width. */
function canBeGrabbed(window: Bounds, area: Bounds): boolean {
  const left = Math.max(window.x, area.x);
  const right = Math.min(window.x + window.width, area.x + area.width);
  const titleTop = Math.max(window.y, area.y);
  const titleBottom = Math.min(window.y + VISIBLE_HEIGHT, area.y + area.height);
  return right - left >= VISIBLE_WIDTH && titleBottom - titleTop >= VISIBLE_HEIGHT / 2;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
