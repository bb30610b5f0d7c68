import type { Notification, NotificationCount } from '../contract/schemas/notification.ts';

/** Immutable. Undefined `unreadCount`: not loaded. */
export interface NotificationsState {
  /** Newest first, without gaps from the newest to the last. */
  readonly items: readonly Notification[];
  readonly unreadCount: number | undefined;
  readonly revision: number;
  /** Leads to older notifications; null if there are none. Undefined until the list is loaded. */
  readonly nextCursor: string | null | undefined;
  /** Times of reading, by id, that arrived before their notifications. */
  readonly readEarly: Readonly<Record<string, string>>;
}

export interface NotificationPage extends NotificationCount {
  readonly items: readonly Notification[];
  readonly nextCursor: string | null;
}

export interface NotificationsRead extends NotificationCount {
  readonly notificationIds: readonly string[];
  /** ISO 8601. */
  readonly readAt: string;
}

export type NotificationAction =
  | { readonly type: 'notification-created'; readonly notification: Notification; readonly count: NotificationCount }
  | { readonly type: 'notifications-read'; readonly read: NotificationsRead }
  /** The newest page replaces the list, but not what is newer. */
  | { readonly type: 'newest-notifications'; readonly page: NotificationPage }
  | { readonly type: 'older-notifications'; readonly page: NotificationPage };

export const noNotifications: NotificationsState = {
  items: [],
  unreadCount: undefined,
  revision: 0,
  nextCursor: undefined,
  readEarly: {},
};

/** Events may repeat and arrive in any order. A notification that was read stays read. */
export function reduceNotifications(state: NotificationsState, action: NotificationAction): NotificationsState {
  switch (action.type) {
    case 'notification-created':
      return counted(withItems(state, [action.notification]), action.count);
    case 'notifications-read':
      return counted(withRead(state, action.read), action.read);
    case 'newest-notifications': {
      const { items, nextCursor } = action.page;
      const oldest = nextCursor === null ? '' : (items.at(-1)?.id ?? '');
      const kept = state.items.filter(({ id }) => id >= oldest);
      return counted(withItems({ ...state, items: kept, nextCursor }, items), action.page);
    }
    case 'older-notifications': {
      const { items, nextCursor } = action.page;
      return counted(withItems({ ...state, nextCursor }, items, ''), action.page);
    }
  }
}

/** The list has no gaps, so it omits notifications that are older than its end. */
function withItems(
  state: NotificationsState,
  added: readonly Notification[],
  oldest = oldestOf(state),
): NotificationsState {
  const byId = new Map(state.items.map((item) => [item.id, item]));
  let { readEarly } = state;
  for (const item of added) {
    if (item.id < oldest && !byId.has(item.id)) continue;
    const readAt = item.readAt ?? byId.get(item.id)?.readAt ?? readEarly[item.id];
    byId.set(item.id, readAt === undefined ? item : { ...item, readAt });
    if (readEarly[item.id] !== undefined) {
      readEarly = Object.fromEntries(Object.entries(readEarly).filter(([id]) => id !== item.id));
    }
  }
  const items = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  return { ...state, items, readEarly };
}

function oldestOf({ items, nextCursor }: NotificationsState): string {
  return typeof nextCursor === 'string' ? (items.at(-1)?.id ?? '') : '';
}

function withRead(state: NotificationsState, { notificationIds, readAt }: NotificationsRead): NotificationsState {
  const ids = new Set(notificationIds);
  const items = state.items.map((item) => (ids.has(item.id) ? { ...item, readAt } : item));
  const known = new Set(state.items.map(({ id }) => id));
  const oldest = oldestOf(state);
  const early = notificationIds.filter((id) => !known.has(id) && id >= oldest).map((id) => [id, readAt] as const);
  return { ...state, items, readEarly: { ...state.readEarly, ...Object.fromEntries(early) } };
}

function counted(state: NotificationsState, { unreadCount, revision }: NotificationCount): NotificationsState {
  return revision < state.revision ? state : { ...state, unreadCount, revision };
}
