import { fromStoredConversation, type StoredConversation } from '../log/conversation-codec.ts';
import { projectMembers } from '../groups/project-members.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf } from '../../core/table/keys.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';

/**
 * Updates the memberships of changed groups. Conditional writes make repetition harmless.
 * @returns the changes to process again.
 */
export async function projectGroups(changes: readonly ItemChange[]): Promise<readonly ItemChange[]> {
  const failed = await settleAll(changes.map(attempt));
  return failed.filter((change) => change !== undefined);
}

async function attempt(change: ItemChange): Promise<ItemChange | undefined> {
  const conversationId = conversationIdOf(change.key);
  try {
    const item = fromStoredConversation(change.item as unknown as StoredConversation);
    if (item.kind === 'group') await projectMembers(change.scope, conversationId, item);
    return undefined;
  } catch (error) {
    log('error', 'projection.failed', { conversationId }, error);
    count('Failures');
    return change;
  }
}
