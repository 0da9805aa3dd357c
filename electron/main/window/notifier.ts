/** Notifications of the system for what needs a person, while the person looks elsewhere. */
import { Notification } from 'electron';
import type { EngineStatus } from '../../../shared/engine-status';
import type { WindowCommand } from '../../../shared/window-commands';
import { createAttentionPolicy } from './attention-policy';

interface NotifierOptions {
  /** The settings allow it, and the person does not look at the window. */
  readonly mayNotify: () => boolean;
  readonly open: (command: WindowCommand) => void;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #policy = createAttentionPolicy();
  /** Held, since one that is collected takes its click handler with it. */
  readonly #shown = new Set<Notification>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Says what has become bad with this status. */
  status(status: EngineStatus): void {
    const news = this.#policy.next(status);
    if (!this.#options.mayNotify()) return;
    for (const { title, body, command } of news) this.show(title, body, command);
  }

  show(title: string, body: string, command: WindowCommand): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    this.#shown.add(notification);
    notification.on('click', () => this.#options.open(command));
    notification.on('close', () => this.#shown.delete(notification));
    notification.show();
  }
}
