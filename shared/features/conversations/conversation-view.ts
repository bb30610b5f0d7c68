import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { logSortKey } from '../../core/table/keys.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { accessTo, isVisible } from '../log/access.ts';
import { participantIdsOf, participantOf } from '../log/conversation-item.ts';
import type { ConversationParts } from '../log/conversation-parts.ts';
import { openName } from './group-name.ts';
import { fromStoredEntry } from '../log/log-codec.ts';
import { messageOf } from '../messages/message-view.ts';
import { progressOf } from '../log/progress-store.ts';
import { unreadOf, wrote } from '../log/receipt-rules.ts';
import { statusOf } from '../messages/status-rules.ts';

/**
 * As one participant sees it. The author of the newest message has read everything before, even if the watermark is
 * older.
 */
export function conversationOf(
  keys: TenantKeys,
  scope: TenantScope,
  viewerId: string,
  { id, item, summary, progress }: ConversationParts,
): Conversation {
  const access = accessTo(item, { userId: viewerId });
  const last =
    summary.last && fromStoredEntry({ ...summary.last, sk: logSortKey(summary.lastShownSeq ?? summary.lastSeq) });
  const isShown = last !== undefined && access !== undefined && isVisible(last, access);
  const byUser = new Map(progress.map((own) => [own.userId, own]));
  const stored = progressOf(byUser.get(viewerId));
  const hasLast = last?.kind.countsAsUnread === true && last.senderId === viewerId;
  const own = hasLast ? wrote(stored, { seq: last.seq, count: last.state.count }) : stored;
  const name = item.kind === 'group' ? openName(keys, scope, id, item) : undefined;
  return {
    id,
    kind: item.kind,
    ...(name === undefined ? {} : { name }),
    ...(item.kind === 'group' ? { history: item.history } : {}),
    participants: participantIdsOf(item).map((userId) => {
      const { deliveredSeq, readSeq } = progressOf(byUser.get(userId));
      return { userId, role: participantOf(item, userId)?.role ?? 'member', deliveredSeq, readSeq };
    }),
    lastSeq: summary.lastSeq,
    ...(isShown
      ? { lastMessage: messageOf({ keys, scope, conversationId: id }, last, statusOf(item, last, progress)) }
      : {}),
    unreadCount: unreadOf(own, summary.count, access?.joined.count ?? 0),
    createdAt: toTimestamp(item.createdAt),
    updatedAt: toTimestamp(summary.activityAt),
  };
}
