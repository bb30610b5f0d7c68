import { listNotifications } from '../contract/notifications/list-notifications.ts';
import {
  getNotificationPreferences,
  updateNotificationPreferences,
} from '../contract/notifications/notification-preferences.ts';
import { readAllNotifications } from '../contract/notifications/read-all-notifications.ts';
import { readNotification } from '../contract/notifications/read-notification.ts';
import type {
  NewNotificationPreferences,
  Notification,
  NotificationCount,
  NotificationPreferences,
} from '../contract/schemas/notification.ts';
import { answerOf } from './answer-of.ts';
import { errorOf } from './error-of.ts';
import type { NotificationFrame } from './notification-frame.ts';
import type { NotificationPage } from './notification-rules.ts';
import type { PersonalStateOptions } from './personal-state.ts';
import type { ServerClock } from './server-clock.ts';

/** Every method retries if no answer came. It throws RefusedError or NetworkError. */
export interface Notifications {
  /** Loads the newest, and keeps the list and the count current from then on. */
  load(): Promise<void>;
  /** Returns false if there are none. */
  loadOlder(): Promise<boolean>;
  read(notificationId: string): Promise<void>;
  /** Those that arrive meanwhile stay unread. */
  readAll(): Promise<void>;
  preferences(): Promise<NotificationPreferences>;
  /** Replaces all preferences. */
  setPreferences(preferences: NewNotificationPreferences): Promise<NotificationPreferences>;
}

export interface NotificationsOptions extends PersonalStateOptions {
  readonly clock: ServerClock;
  readonly onNotification: (notification: Notification) => void;
}

const pageSize = 50;
/** Events of concurrent changes can share a count, so the missing one usually follows within a moment. */
const graceMs = 1_000;

export function createNotifications(options: NotificationsOptions): Notifications {
  return new NotificationsKeeper(options);
}

class NotificationsKeeper implements Notifications {
  readonly #options: NotificationsOptions;
  readonly #announced = new Set<string>();
  #isWanted = false;
  #loading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    options.socket.on('notification', (frame) => this.#receive(frame));
    options.socket.on('welcome', () => this.#refresh());
    options.socket.on('state', (state) => {
      if (state === 'ended') clearTimeout(this.#timer);
    });
  }

  load(): Promise<void> {
    this.#isWanted = true;
    this.#loading ??= this.#loadNewest().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async loadOlder(): Promise<boolean> {
    const { nextCursor } = this.#state;
    if (nextCursor === undefined) await this.load();
    if (typeof nextCursor !== 'string') return nextCursor === undefined && this.#state.items.length > 0;
    const page = await this.#page({ limit: pageSize, cursor: nextCursor });
    // Another request may have replaced the list.
    if (this.#state.nextCursor === nextCursor) this.#options.store.dispatch({ type: 'older-notifications', page });
    return page.items.length > 0;
  }

  async read(notificationId: string): Promise<void> {
    const count = await answerOf(this.#options.call, readNotification, { params: { notificationId } });
    this.#markRead([notificationId], count);
  }

  async readAll(): Promise<void> {
    if (this.#state.nextCursor === undefined) await this.load();
    const upTo = this.#state.items[0]?.id;
    if (upTo === undefined) return;
    const count = await answerOf(this.#options.call, readAllNotifications, { body: { upTo } });
    const ids = this.#state.items.filter(({ id }) => id <= upTo).map(({ id }) => id);
    this.#markRead(ids, count);
  }

  preferences(): Promise<NotificationPreferences> {
    return answerOf(this.#options.call, getNotificationPreferences);
  }

  setPreferences(preferences: NewNotificationPreferences): Promise<NotificationPreferences> {
    return answerOf(this.#options.call, updateNotificationPreferences, { body: preferences });
  }

  get #state() {
    return this.#options.store.state.notifications;
  }

  #receive(frame: NotificationFrame): void {
    const isMissing = frame.count.revision > this.#state.revision + 1;
    if ('read' in frame)
      this.#options.store.dispatch({ type: 'notifications-read', read: { ...frame.read, ...frame.count } });
    else this.#add(frame.notification, frame.count);
    if (!isMissing || !this.#isWanted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#refresh();
    }, graceMs);
  }

  #add(notification: Notification, count: NotificationCount): void {
    const { id, readAt } = notification;
    const isKnown = this.#announced.has(id) || this.#state.items.some((item) => item.id === id);
    this.#announced.add(id);
    this.#options.store.dispatch({ type: 'notification-created', notification, count });
    if (!isKnown && readAt === undefined) this.#options.onNotification(notification);
  }

  /** The event has the server's time, and replaces this one. */
  #markRead(ids: readonly string[], count: NotificationCount): void {
    const unread = new Set(this.#state.items.filter(({ readAt }) => readAt === undefined).map(({ id }) => id));
    const readAt = new Date(this.#options.clock.now()).toISOString();
    const read = { ...count, notificationIds: ids.filter((id) => unread.has(id)), readAt };
    this.#options.store.dispatch({ type: 'notifications-read', read });
  }

  async #loadNewest(): Promise<void> {
    const page = await this.#page({ limit: pageSize });
    this.#options.store.dispatch({ type: 'newest-notifications', page });
  }

  #page(query: { readonly limit: number; readonly cursor?: string }): Promise<NotificationPage> {
    return answerOf(this.#options.call, listNotifications, { query });
  }

  #refresh(): void {
    if (!this.#isWanted) return;
    this.load().catch((error: unknown) => this.#options.onError(errorOf(error)));
  }
}
