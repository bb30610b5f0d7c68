import type { ConversationItem } from '../log/conversation-item.ts';
import { readConversations } from '../log/conversation-store.ts';
import { escalationKind, type SystemContent } from '../log/entry-kinds.ts';
import { openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { ownerOf } from '../log/log-owner.ts';
import { raisesUrgency } from '../log/raises-urgency.ts';
import { alertAvailable, alertGroups } from '../desk/urgency/alert.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ChangedEntry } from './changed-entry.ts';

/**
 * Repeats the alert of each step of an escalation, in case the function that took the step failed before it sent the
 * alert. Both alerts have the same `urgency.step`.
 */
export async function alertAgain(appended: readonly ChangedEntry[]): Promise<void> {
  await settleAll(appended.filter(isStep).map(alertOf));
}

function isStep({ entry }: ChangedEntry): boolean {
  return entry.kind === escalationKind || raisesUrgency(entry);
}

async function alertOf({ scope, conversationId, entry }: ChangedEntry): Promise<void> {
  try {
    const item = (await readConversations(scope, [conversationId], { consistent: true })).get(conversationId);
    if (item?.kind !== 'support' || !isStillUrgent(item, entry)) return;
    if (raisesUrgency(entry)) return await alertAvailable(scope, conversationId, item);
    const owner = await ownerOf({ scope, conversationId, item });
    const { system } = openContent(owner, entry) as SystemContent;
    await alertGroups(scope, conversationId, item, system.alerted ?? []);
  } catch (error) {
    log('warn', 'alert.not-repeated', { conversationId }, error);
    count('DeliveryFailed');
  }
}

function isStillUrgent({ support }: Extract<ConversationItem, { kind: 'support' }>, entry: LogEntry): boolean {
  const { urgency, wipedAt } = support;
  return urgency?.acknowledgedAt === undefined && urgency?.seq === entry.support?.urgency?.seq && wipedAt === undefined;
}
