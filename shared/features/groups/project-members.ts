import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConversationItem } from '../log/conversation-item.ts';

/** Writes side by side: as many as the SDK keeps connections. */
const batchSize = 50;

/**
 * Brings the memberships of who came and who left with the item's revision up to it: what lists a user's conversations.
 * Idempotent, and never backwards: a membership of a later revision stays. Whoever takes part longer needs no write.
 */
export async function projectMembers(
  scope: TenantScope,
  conversationId: string,
  item: ConversationItem,
): Promise<void> {
  const { revision, members, left = [], revisedAt = item.createdAt } = item;
  const id = conversationId;
  const changes: (readonly [string, Expression])[] = [
    ...Object.entries(members)
      .filter(([, { v }]) => v === revision)
      .map(([userId, { t: joinedAt, n: sinceCount }]): [string, Expression] => [
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
