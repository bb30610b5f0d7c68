import type {
  listMutes as listMutesRoute,
  muteConversation as muteConversationRoute,
  unmuteConversation as unmuteConversationRoute,
} from '../../contract/notifications/mutes.ts';
import { conversationNotFound, invalidCursor } from '../../contract/problems.ts';
import type { Mute } from '../../contract/schemas/notification.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { mutedConversationOf, muteKey, mutePrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { loadAccess } from '../log/load-conversation.ts';
import { mutedUntil, type MuteItem } from './mute-rules.ts';

export const listMutes: UseCase<typeof listMutesRoute> = async ({ scope, userId }, { limit, cursor }) => {
  const list = `mutes/${userId}`;
  const start = cursor === undefined ? undefined : decodeCursor(list, cursor);
  if (cursor !== undefined && start === undefined) return refuse(invalidCursor);
  const after = start?.['conversationId'];
  const { items, lastSortKey } = await tenantTable(scope).query<MuteItem>({
    pk: muteKey(userId, '').pk,
    beginsWith: mutePrefix,
    limit,
    consistent: true,
    ...(after === undefined ? {} : { after: muteKey(userId, after).sk }),
  });
  const at = now();
  return {
    items: items.filter((item) => mutedUntil(item) > at).map((item) => viewOf(mutedConversationOf(item), item)),
    nextCursor:
      lastSortKey === undefined
        ? null
        : encodeCursor(list, { conversationId: mutedConversationOf({ sk: lastSortKey }) }),
  };
};

export const muteConversation: UseCase<typeof muteConversationRoute> = async (principal, { conversationId, until }) => {
  if ((await loadAccess(principal, conversationId)) === undefined) return refuse(conversationNotFound);
  const { scope, userId } = principal;
  const end = until === undefined ? undefined : Date.parse(until);
  // The table deletes a mute after its end.
  const item = end === undefined ? {} : { until: end, expiresAt: Math.max(0, Math.ceil(end / 1000)) };
  await tenantTable(scope).put<MuteItem>(muteKey(userId, conversationId), item);
  return viewOf(conversationId, item);
};

export const unmuteConversation: UseCase<typeof unmuteConversationRoute> = async (principal, { conversationId }) => {
  if ((await loadAccess(principal, conversationId)) === undefined) return refuse(conversationNotFound);
  const { scope, userId } = principal;
  await tenantTable(scope).delete(muteKey(userId, conversationId));
  return undefined;
};

function viewOf(conversationId: string, { until }: MuteItem): Mute {
  return { conversationId, ...(until === undefined ? {} : { until: toTimestamp(until) }) };
}
