import type { ConversationItem } from '../log/conversation-item.ts';
import { projectMembers } from '../groups/project-members.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';

/**
 * Brings memberships up to their groups: where the function that changed a group did so already, the conditions of the
 * writes see to it that nothing changes.
 * @returns the changes that have to come again.
 */
export async function projectGroups(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const failed = await settleAll(changes.map(attempt));
  return failed.filter((change) => change !== undefined);
}

async function attempt(change: ItemChange): Promise<ItemChange | undefined> {
  const conversationId = change.key.pk.slice('C#'.length);
  try {
    await projectMembers(change.scope, conversationId, change.item as unknown as ConversationItem);
    return undefined;
  } catch (error) {
    log('error', 'projection.failed', { conversationId }, error);
    count('Failures');
    return change;
  }
}
