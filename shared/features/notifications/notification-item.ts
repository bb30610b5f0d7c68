import type { Notification, NotificationKind } from '../../contract/schemas/notification.ts';

/** For one user, about one cause. */
export interface NewNotification {
  readonly userId: string;
  readonly kind: NotificationKind;
  readonly conversationId: string;
  /** The entry that caused it. */
  readonly seq?: number;
  /** Distinguishes causes without an entry, and causes of the same entry and kind. */
  readonly cause?: string;
  readonly actorId?: string;
  readonly data?: Notification['data'];
  /** Time of the cause, in milliseconds since the epoch: the same at every delivery. */
  readonly at: number;
}

/** Without text and contact data. */
export interface StoredNotification {
  readonly kind: NotificationKind;
  readonly conversationId: string;
  readonly seq?: number;
  readonly actorId?: string;
  readonly data?: Notification['data'];
  readonly silent?: true;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly readAt?: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** The timer of a user's next digest, for tenants with mails about notifications. */
export interface NotificationMailItem {
  /** When the timer was set; absent without one. */
  readonly since?: number;
  readonly mailedAt?: number;
  readonly wakeAt?: number;
}

/** Exists from the first notification on. Changes only in transactions with notifications. */
export interface NotificationCountItem {
  readonly revision: number;
  readonly expiresAt: number;
  /** Unread notifications by day; see unread-days-rules.ts. */
  readonly [day: `d${number}`]: number;
}
