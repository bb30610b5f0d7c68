import { together } from '../../core/runtime/together.ts';
import { type Key, keys, participantPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/realm-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { HeadItem } from './conversation-head.ts';
import {
  type ConversationFacts,
  type ConversationItem,
  type ParticipantItem,
  participantIdsOf,
} from './conversation-item.ts';

export interface ConversationParts {
  readonly id: string;
  readonly item: ConversationFacts;
  readonly head: HeadItem;
  readonly participants: readonly ParticipantItem[];
}

interface WantedParts {
  readonly head: HeadItem;
  readonly item: ConversationFacts;
}

/**
 * The parts of conversations whose participants are known. Eventually consistent. Direct conversations share batches of
 * 100 items; a group takes a query of its own, since most of its people have nothing stored, and a batch would charge
 * for each of them.
 */
export async function readParts(
  scope: TenantScope,
  wanted: readonly WantedParts[],
): Promise<readonly ConversationParts[]> {
  const ofDirect = tenantTable(scope).batchGet<ParticipantItem>(
    wanted
      .filter(({ item }) => item.kind === 'direct')
      .flatMap(({ head, item }) =>
        participantIdsOf(item).map((userId) => keys.participant(head.conversationId, userId)),
      ),
  );
  const ofGroups = wanted
    .filter(({ item }) => item.kind === 'group')
    .map(({ head }) => watermarksOf(scope, head.conversationId));
  const participants = Map.groupBy((await together([ofDirect, ...ofGroups])).flat(), (one) => one.pk);
  return wanted.map(({ head, item }) => ({
    id: head.conversationId,
    item,
    head,
    participants: participants.get(keys.conversation(head.conversationId).pk) ?? [],
  }));
}

/** The watermarks of a conversation: with at most 500 people they fit one page. */
async function watermarksOf(scope: TenantScope, conversationId: string): Promise<readonly (ParticipantItem & Key)[]> {
  const { pk } = keys.conversation(conversationId);
  const { items } = await tenantTable(scope).query<ParticipantItem>({ pk, beginsWith: participantPrefix });
  return items;
}

/** The heads of conversations, in no particular order. */
export async function readHeads(scope: TenantScope, ids: readonly string[]): Promise<readonly (HeadItem & Key)[]> {
  return tenantTable(scope).batchGet<HeadItem>(ids.map((id) => keys.conversationHead(id)));
}

/** The facts of conversations by id. Eventually consistent unless told otherwise. */
export async function readItems(
  scope: TenantScope,
  ids: readonly string[],
  options: { readonly consistent?: boolean } = {},
): Promise<ReadonlyMap<string, ConversationItem>> {
  const items = await tenantTable(scope).batchGet<ConversationItem>(
    ids.map((id) => keys.conversation(id)),
    options,
  );
  return new Map(items.map((item) => [item.pk.slice('C#'.length), item]));
}
