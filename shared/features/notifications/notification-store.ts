import type {
  NewNotificationPreferences,
  Notification,
  NotificationCount,
} from '../../contract/schemas/notification.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { notificationIdOf as idOfKey, notificationKeys, notificationPrefix, userIdOf } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { createdAtOf } from './notification-id.ts';
import type { NotificationCountItem, StoredNotification } from './notification-item.ts';
import { attributeOf, dayOf, expiredAttributes, expiryOfDay, isExpired, unreadCountOf } from './unread-days-rules.ts';

type MailPreference = NonNullable<NewNotificationPreferences['mail']>;

interface PreferencesItem {
  readonly preferences: NewNotificationPreferences;
  /** Separate, because unsubscribing changes nothing else. */
  readonly mail?: MailPreference;
}

/** A digest follows the first notification after this time. */
const unreadMs = 10 * 60 * 1000;

/** A transaction has at most 100 items, and one of them is the count. */
export const mostReadAtOnce = 99;

export interface Recorded {
  readonly id: string;
  readonly item: StoredNotification;
}

export function notificationOf({ id, item }: Recorded): Notification {
  const { createdAt, readAt, silent, kind, conversationId, seq, actorId, data } = item;
  return {
    id,
    kind,
    conversationId,
    ...(seq === undefined ? {} : { seq }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(data === undefined ? {} : { data }),
    ...(silent === undefined ? {} : { silent }),
    createdAt: toTimestamp(createdAt),
    ...(readAt === undefined ? {} : { readAt: toTimestamp(readAt) }),
  };
}

/** Reads consistently. */
export async function readCount(scope: TenantScope, userId: string, now: number): Promise<NotificationCount> {
  const item = await tenantTable(scope).get<NotificationCountItem>(notificationKeys.count(userId), {
    consistent: true,
  });
  return { unreadCount: unreadCountOf(item, now), revision: item?.revision ?? 0 };
}

/** Eventually consistent, by user. Users without notifications or preferences are missing. */
export async function readCountsAndPreferences(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<{
  readonly counts: ReadonlyMap<string, NotificationCountItem>;
  readonly preferences: ReadonlyMap<string, NewNotificationPreferences>;
}> {
  const wanted = userIds.flatMap((userId) => [notificationKeys.count(userId), notificationKeys.preferences(userId)]);
  const items = await tenantTable(scope).batchGet<NotificationCountItem | PreferencesItem>(wanted);
  const counts = new Map<string, NotificationCountItem>();
  const preferences = new Map<string, NewNotificationPreferences>();
  for (const item of items) {
    if ('preferences' in item) preferences.set(userIdOf(item), preferencesOf(item));
    else counts.set(userIdOf(item), item);
  }
  return { counts, preferences };
}

/**
 * Stores a notification once, in one transaction with the count.
 * @param count - probably stored; its expired days are removed.
 * @param withMail - whether the notification sets the timer of a digest.
 * @returns the stored notification, and whether this call created it.
 */
export async function createNotification(
  scope: TenantScope,
  userId: string,
  recorded: Recorded,
  { count, withMail, now }: NotificationContext,
): Promise<Recorded & { readonly isNew: boolean }> {
  const { id, item } = recorded;
  const work = unitOfWork(scope)
    .put('notification', notificationKeys.notification(userId, id), item, absent)
    .update('count', notificationKeys.count(userId), additionTo(count, item.createdAt, now));
  if (withMail) work.update('mail', notificationKeys.mail(userId), digestTimerAt(item.createdAt));
  const outcome = await work.commit();
  if (outcome.committed) return { ...recorded, isNew: true };
  const existing = outcome.existing as StoredNotification | undefined;
  if (existing === undefined) throw new Error('A notification was neither stored nor found');
  return { id, item: existing, isNew: false };
}

interface NotificationContext {
  readonly count: NotificationCountItem | undefined;
  readonly withMail: boolean;
  readonly now: number;
}

/** An earlier timer stays. */
function digestTimerAt(createdAt: number): Expression {
  return {
    expression: 'SET #wakeAt = if_not_exists(#wakeAt, :wakeAt), #since = if_not_exists(#since, :since)',
    values: { wakeAt: createdAt + unreadMs, since: createdAt },
  };
}

function additionTo(count: NotificationCountItem | undefined, createdAt: number, now: number): Expression {
  const expired = expiredAttributes(count, now);
  const names = Object.fromEntries(expired.map((name, index) => [`old${index}`, name]));
  const removal =
    expired.length === 0
      ? ''
      : ` REMOVE ${Object.keys(names)
          .map((name) => `#${name}`)
          .join(', ')}`;
  return {
    expression: `ADD #day :one, #revision :one SET #expiresAt = :expiresAt${removal}`,
    names: { ...names, day: attributeOf(dayOf(createdAt)) },
    // Later notifications of an earlier day do not shorten it.
    values: { one: 1, expiresAt: expiryOfDay(Math.max(dayOf(createdAt), dayOf(now))) },
  };
}

/** A notification keeps its first `readAt`. */
export async function markAsRead(
  scope: TenantScope,
  userId: string,
  id: string,
  now: number,
): Promise<'read' | 'unchanged' | 'absent'> {
  const outcome = await markAllAsRead(scope, userId, [id], now);
  if (outcome.committed) return 'read';
  const existing = outcome.existing as StoredNotification | undefined;
  return existing === undefined || isExpired(existing, now) ? 'absent' : 'unchanged';
}

/** All or none: none if one of them is already read or has expired. Takes at most {@link mostReadAtOnce}. */
export async function markAllAsRead(scope: TenantScope, userId: string, ids: readonly string[], now: number) {
  const work = unitOfWork(scope);
  const byDay = new Map<number, number>();
  for (const id of ids) {
    const day = dayOf(createdAtOf(id));
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
    work.update(
      'notification',
      notificationKeys.notification(userId, id),
      { expression: 'SET #readAt = :readAt', values: { readAt: now } },
      {
        expression: 'attribute_exists(#pk) AND attribute_not_exists(#readAt) AND #expiresAt > :now',
        values: { now: Math.floor(now / 1000) },
      },
    );
  }
  const days = [...byDay].map(([day, count], index) => ({ name: `day${index}`, value: `read${index}`, day, count }));
  return work
    .update('count', notificationKeys.count(userId), {
      expression: `ADD #revision :one, ${days.map(({ name, value }) => `#${name} :${value}`).join(', ')}`,
      names: Object.fromEntries(days.map(({ name, day }) => [name, attributeOf(day)])),
      values: { one: 1, ...Object.fromEntries(days.map(({ value, count }) => [value, -count])) },
    })
    .commit();
}

export interface NotificationPage {
  readonly items: readonly Recorded[];
  /** Undefined at the end. */
  readonly lastId: string | undefined;
}

/** Newest first, without expired ones. Reads consistently. A page can be empty before the end. */
export async function readNotifications(
  scope: TenantScope,
  userId: string,
  range: { readonly before?: string | undefined; readonly upTo?: string | undefined; readonly limit: number },
  now: number,
): Promise<NotificationPage> {
  const { pk } = notificationKeys.notification(userId, '');
  const page = await tenantTable(scope).query<StoredNotification>({
    pk,
    ...(range.upTo === undefined
      ? { beginsWith: notificationPrefix }
      : { between: [notificationPrefix, notificationKeys.notification(userId, range.upTo).sk] as const }),
    ...(range.before === undefined ? {} : { after: notificationKeys.notification(userId, range.before).sk }),
    limit: range.limit,
    descending: true,
    consistent: true,
  });
  return {
    items: page.items.filter((item) => !isExpired(item, now)).map((item) => ({ id: idOfKey(item), item })),
    lastId: page.lastSortKey === undefined ? undefined : idOfKey({ sk: page.lastSortKey }),
  };
}

export async function readPreferences(
  scope: TenantScope,
  userId: string,
): Promise<NewNotificationPreferences | undefined> {
  const key = notificationKeys.preferences(userId);
  const item = await tenantTable(scope).get<PreferencesItem>(key, { consistent: true });
  return item && preferencesOf(item);
}

/** @param mail - undefined keeps the stored one. @returns the preferences with it. */
export async function writePreferences(
  scope: TenantScope,
  userId: string,
  preferences: Omit<NewNotificationPreferences, 'mail'>,
  mail: MailPreference | undefined,
): Promise<NewNotificationPreferences> {
  const outcome = await tenantTable(scope).update<PreferencesItem>(notificationKeys.preferences(userId), {
    expression: `SET #preferences = :preferences${mail === undefined ? '' : ', #mail = :mail'}`,
    values: { preferences, ...(mail === undefined ? {} : { mail }) },
  });
  return outcome.written ? preferencesOf(outcome.item) : preferences;
}

/** Keeps the other preferences. */
export async function switchMailsOff(scope: TenantScope, userId: string): Promise<void> {
  await tenantTable(scope).update(notificationKeys.preferences(userId), {
    expression: 'SET #mail = :mail, #preferences = if_not_exists(#preferences, :none)',
    values: { mail: 'off', none: { kinds: {} } },
  });
}

function preferencesOf({ preferences, mail }: PreferencesItem): NewNotificationPreferences {
  return { ...preferences, ...(mail === undefined ? {} : { mail }) };
}
