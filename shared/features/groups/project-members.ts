import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { GroupConversation } from '../log/conversation-item.ts';

/** The SDK's maximum number of connections. */
const batchSize = 50;

/**
 * Updates the memberships of the users who joined or left with the item's revision. Never replaces a membership of the
 * same or a later revision.
 */
export async function projectMembers(
  scope: TenantScope,
  conversationId: string,
  item: GroupConversation,
): Promise<void> {
  const { revision, participants, left, revisedAt } = item;
  const id = conversationId;
  const changes: (readonly [string, Expression])[] = [
    ...Object.entries(participants)
      .filter(([, { joinedRevision }]) => joinedRevision === revision)
      .map(([userId, { joinedAt, joinedCount: sinceCount }]): [string, Expression] => [
        userId,
        {
          expression:
            'SET #conversationId = :id, #joinedAt = :joinedAt, #sinceCount = :sinceCount, #revision = :revision REMOVE #leftAt',
          values: { id, joinedAt, sinceCount, revision },
        },
      ]),
    ...left.map((userId): [string, Expression] => [
      userId,
      {
        expression: 'SET #conversationId = :id, #leftAt = :leftAt, #revision = :revision',
        values: { id, leftAt: revisedAt, revision },
      },
    ]),
  ];
  const table = tenantTable(scope);
  const older = 'attribute_not_exists(#revision) OR #revision < :revision';
  for (let start = 0; start < changes.length; start += batchSize) {
    await settleAll(
      changes
        .slice(start, start + batchSize)
        .map(([userId, change]) =>
          table.update(keys.membership(userId, conversationId), change, { expression: older }),
        ),
    );
  }
}
