/** What the window may ask of the desktop around it. */
import { release, type } from 'node:os';
import { app } from 'electron';
import type { AboutFacts, DesktopResponses } from '../../../shared/ipc/desktop-channels';
import { portOwner } from '../port-owner';
import type { HandlerContext } from './handlers';
import type { IpcHandlers } from './ipc-dispatcher';

export function desktopHandlers({ run, dataDir }: HandlerContext): Pick<IpcHandlers, keyof DesktopResponses> {
  return {
    'desktop.run': ({ command }) => {
      run(command);
      return null;
    },
    'desktop.about': () => aboutFacts(dataDir),
    'desktop.port-owner': ({ port }) => portOwner(port),
  };
}

function aboutFacts(dataFolder: string): AboutFacts {
  const { electron, chrome, node } = process.versions;
  const system = `${type()} ${release()} (${process.arch})`;
  return { version: app.getVersion(), electron, chrome, node, system, dataFolder };
}
