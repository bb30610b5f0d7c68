import { settleAll } from '../../core/runtime/settle-all.ts';
import { type Key, keys, participantPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConversationSummary } from './conversation-summary.ts';
import {
  type ConversationFacts,
  type ConversationItem,
  type ParticipantItem,
  participantIdsOf,
} from './conversation-item.ts';

export interface ConversationParts {
  readonly id: string;
  readonly item: ConversationFacts;
  readonly summary: ConversationSummary;
  readonly participants: readonly ParticipantItem[];
}

interface WantedParts {
  readonly summary: ConversationSummary;
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
      .flatMap(({ summary, item }) =>
        participantIdsOf(item).map((userId) => keys.participant(summary.conversationId, userId)),
      ),
  );
  const ofGroups = wanted
    .filter(({ item }) => item.kind === 'group')
    .map(({ summary }) => watermarksOf(scope, summary.conversationId));
  const participants = Map.groupBy((await settleAll([ofDirect, ...ofGroups])).flat(), (one) => one.pk);
  return wanted.map(({ summary, item }) => ({
    id: summary.conversationId,
    item,
    summary,
    participants: participants.get(keys.conversation(summary.conversationId).pk) ?? [],
  }));
}

/** The watermarks of a conversation: with at most 500 people they fit one page. */
async function watermarksOf(scope: TenantScope, conversationId: string): Promise<readonly (ParticipantItem & Key)[]> {
  const { pk } = keys.conversation(conversationId);
  const { items } = await tenantTable(scope).query<ParticipantItem>({ pk, beginsWith: participantPrefix });
  return items;
}

/** The summaries of conversations, in no particular order. */
export async function readSummaries(
  scope: TenantScope,
  ids: readonly string[],
): Promise<readonly (ConversationSummary & Key)[]> {
  return tenantTable(scope).batchGet<ConversationSummary>(ids.map((id) => keys.conversationSummary(id)));
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
