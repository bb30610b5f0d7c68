import type { listNotifications as listNotificationsRoute } from '../../contract/notifications/list-notifications.ts';
import { invalidCursor } from '../../contract/problems.ts';
import type { Notification, NotificationCount } from '../../contract/schemas/notification.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { notificationOf, readCount, readNotifications, type Recorded } from './notification-store.ts';

/** Read at most for one page, with a filter: about 100 KB each. */
const readAtOnce = 400;
const mostReads = 10;

type NotificationsPage = NotificationCount & { items: Notification[]; nextCursor: string | null };

/** Reads the count before the notifications, so that they contain every change up to its revision. */
export async function listNotifications(
  { scope, userId }: Principal,
  { limit, cursor, unread = false, kind }: InputOf<typeof listNotificationsRoute>,
): Promise<NotificationsPage | Refusal<typeof invalidCursor>> {
  const list = `notifications/${userId}`;
  const start = cursor === undefined ? undefined : decodeCursor(list, cursor);
  if (cursor !== undefined && start === undefined) return refuse(invalidCursor);

  const at = now();
  const count = await readCount(scope, userId, at);
  const isWanted = ({ item }: Recorded) =>
    (kind === undefined || item.kind === kind) && (!unread || item.readAt === undefined);
  const pageSize = kind === undefined && !unread ? limit + 1 : readAtOnce;
  const found: Recorded[] = [];
  let before = start?.['id'];
  let isEnd = unread && count.unreadCount === 0;
  for (let reads = 0; !isEnd && reads < mostReads && found.length <= limit; reads += 1) {
    const page = await readNotifications(scope, userId, { before, limit: pageSize }, at);
    found.push(...page.items.filter(isWanted));
    before = page.lastId;
    isEnd = page.lastId === undefined;
  }
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1)?.id : isEnd ? undefined : before;
  return {
    items: items.map(notificationOf),
    nextCursor: last === undefined ? null : encodeCursor(list, { id: last }),
    ...count,
  };
}
