import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { logSortKey } from '../../core/table/keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { firstVisible, memberOf, participantIdsOf, roleOf } from '../log/conversation-item.ts';
import type { ConversationParts } from '../log/conversation-parts.ts';
import { openName } from './group-name.ts';
import { fromStoredEntry } from '../log/log-codec.ts';
import { messageOf } from '../messages/message-view.ts';
import { progressOfItem } from '../log/participant-store.ts';
import { unreadOf, wrote } from '../log/receipt-rules.ts';
import { statusOf } from '../messages/status-rules.ts';

/**
 * A conversation as one of its participants sees it. Who wrote the newest message has read what came before, also while
 * the projector has not moved the watermark yet.
 */
export function conversationOf(
  keys: TenantKeys,
  scope: TenantScope,
  viewerId: string,
  { id, item, summary, participants }: ConversationParts,
): Conversation {
  const viewer = memberOf(item, viewerId);
  const last =
    summary.last && fromStoredEntry({ ...summary.last, sk: logSortKey(summary.lastShownSeq ?? summary.lastSeq) });
  const isVisible = last !== undefined && viewer !== undefined && last.seq >= firstVisible(item, viewer);
  const watermarks = new Map(participants.map((one) => [one.userId, one]));
  const stored = progressOfItem(watermarks.get(viewerId));
  const hasLast = last?.kind.countsAsUnread === true && last.senderId === viewerId;
  const progress = hasLast ? wrote(stored, { seq: last.seq, count: last.state.count }) : stored;
  const name = openName(keys, scope, id, item);
  return {
    id,
    kind: item.kind,
    ...(name === undefined ? {} : { name }),
    ...(item.history === undefined ? {} : { history: item.history }),
    participants: participantIdsOf(item).map((userId) => {
      const member = memberOf(item, userId);
      const known = watermarks.get(userId);
      return {
        userId,
        role: member === undefined ? 'member' : roleOf(member),
        deliveredSeq: known?.deliveredSeq ?? 0,
        readSeq: known?.readSeq ?? 0,
      };
    }),
    lastSeq: summary.lastSeq,
    ...(isVisible
      ? { lastMessage: messageOf({ keys, scope, conversationId: id }, last, statusOf(item, last, participants)) }
      : {}),
    unreadCount: unreadOf(progress, summary.count, viewer?.n ?? 0),
    createdAt: toTimestamp(item.createdAt),
    updatedAt: toTimestamp(summary.activityAt),
  };
}
