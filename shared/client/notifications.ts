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
import type { ChatClient } from './chat-client.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { errorOf } from './error-of.ts';
import { type NotificationFrame, notificationFrameOf } from './notification-frame.ts';
import {
  type NotificationAction,
  type NotificationPage,
  type NotificationsState,
  noNotifications,
  reduceNotifications,
} from './notification-rules.ts';

export interface NotificationsEvents {
  change: NotificationsState;
  /** Each new one, once. A `silent` one arrived in the user's quiet hours. */
  notification: Notification;
}

/** Every method retries if no answer came. It throws RefusedError or NetworkError. */
export interface Notifications {
  readonly state: NotificationsState;
  on<Name extends keyof NotificationsEvents>(
    name: Name,
    listener: (event: NotificationsEvents[Name]) => void,
  ): Unsubscribe;
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

const pageSize = 50;
/** Events of concurrent changes can share a count, so the missing one usually follows within a moment. */
const graceMs = 1_000;

/** Keeps the user's notifications as long as the client is open. Open them once for each client. */
export function openNotifications(client: ChatClient): Notifications {
  return new NotificationsKeeper(client);
}

class NotificationsKeeper implements Notifications {
  readonly #client: ChatClient;
  readonly #emitter = new Emitter<NotificationsEvents>();
  readonly #announced = new Set<string>();
  #state = noNotifications;
  #isWanted = false;
  #loading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: ChatClient) {
    this.#client = client;
    client.internals.socket.on('frame', (frame) => {
      const notification = notificationFrameOf(frame);
      if (notification !== undefined) this.#receive(notification);
    });
    client.internals.socket.on('welcome', () => this.#refresh());
    client.on('connection', (connection) => {
      if (connection === 'ended') clearTimeout(this.#timer);
    });
  }

  get state(): NotificationsState {
    return this.#state;
  }

  on<Name extends keyof NotificationsEvents>(
    name: Name,
    listener: (event: NotificationsEvents[Name]) => void,
  ): Unsubscribe {
    return this.#emitter.on(name, listener);
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
    if (this.#state.nextCursor === nextCursor) this.#dispatch({ type: 'older-notifications', page });
    return page.items.length > 0;
  }

  async read(notificationId: string): Promise<void> {
    const count = await answerOf(this.#client.call, readNotification, { params: { notificationId } });
    this.#markRead([notificationId], count);
  }

  async readAll(): Promise<void> {
    if (this.#state.nextCursor === undefined) await this.load();
    const upTo = this.#state.items[0]?.id;
    if (upTo === undefined) return;
    const count = await answerOf(this.#client.call, readAllNotifications, { body: { upTo } });
    const ids = this.#state.items.filter(({ id }) => id <= upTo).map(({ id }) => id);
    this.#markRead(ids, count);
  }

  preferences(): Promise<NotificationPreferences> {
    return answerOf(this.#client.call, getNotificationPreferences);
  }

  setPreferences(preferences: NewNotificationPreferences): Promise<NotificationPreferences> {
    return answerOf(this.#client.call, updateNotificationPreferences, { body: preferences });
  }

  #dispatch(action: NotificationAction): void {
    this.#state = reduceNotifications(this.#state, action);
    this.#emitter.emit('change', this.#state);
  }

  #receive(frame: NotificationFrame): void {
    const isMissing = frame.count.revision > this.#state.revision + 1;
    if ('read' in frame) this.#dispatch({ type: 'notifications-read', read: { ...frame.read, ...frame.count } });
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
    this.#dispatch({ type: 'notification-created', notification, count });
    if (!isKnown && readAt === undefined) this.#emitter.emit('notification', notification);
  }

  /** The event has the server's time, and replaces this one. */
  #markRead(ids: readonly string[], count: NotificationCount): void {
    const unread = new Set(this.#state.items.filter(({ readAt }) => readAt === undefined).map(({ id }) => id));
    const readAt = new Date(this.#client.internals.clock.now()).toISOString();
    const read = { ...count, notificationIds: ids.filter((id) => unread.has(id)), readAt };
    this.#dispatch({ type: 'notifications-read', read });
  }

  async #loadNewest(): Promise<void> {
    const page = await this.#page({ limit: pageSize });
    this.#dispatch({ type: 'newest-notifications', page });
  }

  #page(query: { readonly limit: number; readonly cursor?: string }): Promise<NotificationPage> {
    return answerOf(this.#client.call, listNotifications, { query });
  }

  #refresh(): void {
    if (!this.#isWanted) return;
    this.load().catch((error: unknown) => this.#client.internals.onError(errorOf(error)));
  }
}
