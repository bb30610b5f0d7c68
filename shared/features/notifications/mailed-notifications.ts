import type { NotificationKind } from '../../contract/schemas/notification.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { readNotifications } from './notification-store.ts';

export interface UnreadForMail {
  readonly mentions: number;
  readonly assignments: number;
}

const mentionKinds: readonly NotificationKind[] = ['mention'];
const assignmentKinds: readonly NotificationKind[] = ['assigned', 'transferred'];

/** Whether a digest lists notifications of this kind. */
export function isMailed(kind: NotificationKind): boolean {
  return mentionKinds.includes(kind) || assignmentKinds.includes(kind);
}

const pageSize = 100;
/** A digest counts the newest notifications only. */
const mostPages = 3;

/** Counts the unread notifications that a digest lists. Reads consistently. */
export async function unreadForMail(scope: TenantScope, userId: string, now: number): Promise<UnreadForMail> {
  let [mentions, assignments] = [0, 0];
  let before: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, lastId } = await readNotifications(scope, userId, { before, limit: pageSize }, now);
    for (const { item } of items) {
      if (item.readAt !== undefined) continue;
      if (mentionKinds.includes(item.kind)) mentions += 1;
      if (assignmentKinds.includes(item.kind)) assignments += 1;
    }
    if (lastId === undefined) break;
    before = lastId;
  }
  return { mentions, assignments };
}
