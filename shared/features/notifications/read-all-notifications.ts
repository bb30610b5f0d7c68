import type { NotificationCount } from '../../contract/schemas/notification.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { announceRead } from './announce-notifications.ts';
import { markAllAsRead, mostReadAtOnce, readCount, readNotifications } from './notification-store.ts';

/** Of competing requests, one always succeeds. */
const attempts = 20;

/** Ends early once nothing is unread. Otherwise, it reads every notification up to `upTo`. */
export async function readAllNotifications(
  { scope, userId }: Principal,
  { upTo }: { readonly upTo: string },
): Promise<NotificationCount> {
  let count = await readCount(scope, userId, now());
  for (let before: string | undefined; count.unreadCount > 0;) {
    const page = await readPage(scope, userId, { upTo, before });
    count = page.count ?? count;
    if (page.lastId === undefined) break;
    before = page.lastId;
  }
  return count;
}

/** Tries again if another request marked a notification of the page. `count` is absent if nothing changed. */
async function readPage(
  scope: TenantScope,
  userId: string,
  range: { readonly upTo: string; readonly before: string | undefined },
): Promise<{ readonly count?: NotificationCount; readonly lastId: string | undefined }> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const at = now();
    const { items, lastId } = await readNotifications(scope, userId, { ...range, limit: mostReadAtOnce }, at);
    const ids = items.filter(({ item }) => item.readAt === undefined).map(({ id }) => id);
    if (ids.length === 0) return { lastId };
    if (!(await markAllAsRead(scope, userId, ids, at)).committed) continue;
    const count = await readCount(scope, userId, at);
    await announceRead(scope, userId, { ids, at, count });
    return { count, lastId };
  }
  throw new Error('Notifications changed during every attempt to mark them as read');
}
