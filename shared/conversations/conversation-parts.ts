import { type Key, keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import type { HeadItem } from './conversation-head.ts';
import { type ConversationItem, type ParticipantItem, participantIdsOf } from './conversation-item.ts';
import type { ConversationParts } from './conversation-view.ts';

/** The parts of conversations whose participants are known, in batches of 100 items. Eventually consistent. */
export async function readParts(
  scope: TenantScope,
  wanted: readonly { readonly head: HeadItem; readonly item: ConversationItem }[],
): Promise<readonly ConversationParts[]> {
  const participants = await tenantTable(scope).batchGet<ParticipantItem>(
    wanted.flatMap(({ head, item }) =>
      participantIdsOf(item).map((userId) => keys.participant(head.conversationId, userId)),
    ),
  );
  return wanted.map(({ head, item }) => ({
    id: head.conversationId,
    item,
    head,
    participants: participants.filter((one) => one.pk === keys.conversation(head.conversationId).pk),
  }));
}

/** The heads of conversations, in no particular order. */
export async function readHeads(scope: TenantScope, ids: readonly string[]): Promise<readonly (HeadItem & Key)[]> {
  return tenantTable(scope).batchGet<HeadItem>(ids.map((id) => keys.conversationHead(id)));
}

/** The facts of conversations by id. */
export async function readItems(
  scope: TenantScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ConversationItem>> {
  const items = await tenantTable(scope).batchGet<ConversationItem>(ids.map((id) => keys.conversation(id)));
  return new Map(items.map((item) => [item.pk.slice('C#'.length), item]));
}
