import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { announceNotifications, type Announcement } from './announce-notifications.ts';
import { mailSettings } from '../tenants/mail-settings.ts';
import { isMailed } from './mailed-notifications.ts';
import { notificationIdOf } from './notification-id.ts';
import type { NewNotification, NotificationCountItem, StoredNotification } from './notification-item.ts';
import {
  createNotification,
  notificationOf,
  readCount,
  readCountsAndPreferences,
  type Recorded,
} from './notification-store.ts';
import { treatmentOf } from './preference-rules.ts';
import { dayOf, expiryOfDay, isExpired } from './unread-days-rules.ts';

const concurrentUsers = 10;

/**
 * Stores each notification once and delivers it to the user's connections. Users do not get kinds that they switched
 * off. A repeated call stores nothing and delivers again, so call it at least once for each cause.
 */
export async function notify(scope: TenantScope, notifications: readonly NewNotification[]): Promise<void> {
  const byUser = Map.groupBy(notifications, ({ userId }) => userId);
  const [{ counts, preferences }, { notificationMails }] = await settleAll([
    readCountsAndPreferences(scope, [...byUser.keys()]),
    mailSettings(scope),
  ]);
  const announcements: Announcement[] = [];
  for await (const stored of mapConcurrent(byUser, concurrentUsers, async ([userId, own]) => {
    const wanted = own.flatMap((each): Recorded[] => {
      const treatment = treatmentOf(preferences.get(userId), each.kind, each.at);
      return treatment === 'off' ? [] : [{ id: notificationIdOf(each), item: itemOf(each, treatment === 'silent') }];
    });
    const wantsMails = notificationMails === 'on' && preferences.get(userId)?.mail !== 'off';
    return storeForUser(scope, userId, wanted, { count: counts.get(userId), wantsMails });
  })) {
    announcements.push(...stored);
  }
  await announceNotifications(scope, announcements);
}

/** In turn, because every notification of a user changes the same count. */
async function storeForUser(
  scope: TenantScope,
  userId: string,
  wanted: readonly Recorded[],
  { count, wantsMails }: { readonly count: NotificationCountItem | undefined; readonly wantsMails: boolean },
): Promise<readonly Announcement[]> {
  const live = wanted.filter(({ item }) => !isExpired(item, now()));
  if (live.length === 0) return [];
  const stored = [];
  for (const each of live) {
    const context = { count, withMail: wantsMails && isMailed(each.item.kind), now: now() };
    stored.push(notificationOf(await createNotification(scope, userId, each, context)));
  }
  const current = await readCount(scope, userId, now());
  return stored.map((notification) => ({ userId, notification, count: current }));
}

function itemOf(
  { kind, conversationId, seq, actorId, data, at }: NewNotification,
  silent: boolean,
): StoredNotification {
  return {
    kind,
    conversationId,
    ...(seq === undefined ? {} : { seq }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(data === undefined ? {} : { data }),
    ...(silent ? { silent } : {}),
    createdAt: at,
    expiresAt: expiryOfDay(dayOf(at)),
  };
}
