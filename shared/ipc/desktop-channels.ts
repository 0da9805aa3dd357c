/** Channels about the desktop around the window: zoom, folders, who holds a port, what this program is. */
import { z } from 'zod';
import { MAIN_COMMANDS } from '../window-commands';

export interface AboutFacts {
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
  /** `Linux 6.8.0 (x64)` */
  readonly system: string;
  readonly dataFolder: string;
}

/** The program that listens on a port, as far as the system tells. */
export interface PortOwner {
  readonly name: string;
  readonly pid: number;
}

export const DESKTOP_REQUESTS = {
  'desktop.run': z.strictObject({ command: z.enum(MAIN_COMMANDS) }),
  'desktop.about': z.undefined(),
  'desktop.port-owner': z.strictObject({ port: z.number().int().min(1).max(65_535) }),
} as const satisfies Record<string, z.ZodType>;

export interface DesktopResponses {
  'desktop.run': null;
  'desktop.about': AboutFacts;
  /** Null: the system does not say. */
  'desktop.port-owner': PortOwner | null;
}
