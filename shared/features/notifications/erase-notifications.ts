import { notificationKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { createdAtOf } from './notification-id.ts';
import { readNotifications, type Recorded } from './notification-store.ts';
import { attributeOf, dayOf } from './unread-days-rules.ts';

interface ErasedConversation {
  readonly conversationId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const pageSize = 100;

/** Deletes a user's notifications about a conversation. */
export async function eraseNotifications(
  scope: TenantScope,
  userId: string,
  { conversationId, createdAt }: ErasedConversation,
  now: number,
): Promise<void> {
  let before: string | undefined;
  do {
    const page = await readNotifications(scope, userId, { before, limit: pageSize }, now);
    for (const notification of page.items) {
      if (notification.item.conversationId === conversationId) await erase(scope, userId, notification);
    }
    before = page.lastId;
  } while (before !== undefined && createdAtOf(before) >= createdAt);
}

/** An unread notification changes the count in the same transaction. */
async function erase(scope: TenantScope, userId: string, { id, item }: Recorded): Promise<void> {
  const key = notificationKeys.notification(userId, id);
  if (item.readAt === undefined) {
    const outcome = await unitOfWork(scope)
      .delete('notification', key, {
        expression: 'attribute_exists(#pk) AND attribute_not_exists(#readAt)',
        values: {},
      })
      .update('count', notificationKeys.count(userId), {
        expression: 'ADD #revision :one, #day :less',
        names: { day: attributeOf(dayOf(item.createdAt)) },
        values: { one: 1, less: -1 },
      })
      .commit();
    if (outcome.committed || outcome.existing === undefined) return;
    // The user read it meanwhile.
  }
  await tenantTable(scope).delete(key);
}
