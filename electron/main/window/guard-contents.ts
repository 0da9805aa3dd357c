/**
 * What no page in this app may do, whatever it shows: navigate, open windows, ask for permissions, download, reach
 * the network.
 */
import { app, type Session, type WebContents } from 'electron';

const REMOTE_URLS = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Applies to every contents made from now on, whoever makes them. Before the app is ready. */
export function guardAllContents(): void {
  // WebRTC heeds neither the page's policy nor the session's filter: no name and no address is found for it over
  // TCP, and `setWebRTCIPHandlingPolicy` takes UDP from it. Larder's own requests are Node's, not Chromium's.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** The window needs nothing from the network: all it shows comes through IPC. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest({ urls: REMOTE_URLS }, (_details, answer) => answer({ cancel: true }));
}
