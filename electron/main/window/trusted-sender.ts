/** Who may ask the main process for anything. Knows nothing of Electron, so that its refusals can be tested. */
import { isAppUrl } from './resolve-asset';

interface Frame {
  readonly url: string;
}

interface Contents {
  readonly mainFrame: Frame;
}

interface Message {
  readonly sender: Contents;
  /** Null: the frame is gone, or shows something else by now. */
  readonly senderFrame: Frame | null;
}

/** Only the main frame of the one window, showing our own page.
 *  @param contents of the window; undefined where there is none */
export function isTrustedSender({ sender, senderFrame }: Message, contents: Contents | undefined): boolean {
  return (
    contents !== undefined &&
    senderFrame !== null &&
    sender === contents &&
    senderFrame === contents.mainFrame &&
    isAppUrl(senderFrame.url)
  );
}
