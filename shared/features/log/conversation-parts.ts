import { settleAll } from '../../core/runtime/settle-all.ts';
import { conversationIdOf, type Key, keys, progressPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConversationSummary } from './conversation-summary.ts';
import { type ConversationItem, participantIdsOf } from './conversation-item.ts';
import type { ReadingProgress } from './progress-store.ts';

export interface ConversationParts {
  readonly id: string;
  readonly item: ConversationItem;
  readonly summary: ConversationSummary;
  readonly progress: readonly ReadingProgress[];
}

interface WantedParts {
  readonly summary: ConversationSummary;
  readonly item: ConversationItem;
}

/** Eventually consistent. Each group takes one query, because a batch would cost a read for each participant. */
export async function readParts(
  scope: TenantScope,
  wanted: readonly WantedParts[],
): Promise<readonly ConversationParts[]> {
  const ofDirect = tenantTable(scope).batchGet<ReadingProgress>(
    wanted
      .filter(({ item }) => item.kind === 'direct')
      .flatMap(({ summary, item }) =>
        participantIdsOf(item).map((userId) => keys.progress(summary.conversationId, userId)),
      ),
  );
  const ofGroups = wanted
    .filter(({ item }) => item.kind !== 'direct')
    .map(({ summary }) => watermarksOf(scope, summary.conversationId));
  const progress = Map.groupBy((await settleAll([ofDirect, ...ofGroups])).flat(), conversationIdOf);
  return wanted.map(({ summary, item }) => ({
    id: summary.conversationId,
    item,
    summary,
    progress: progress.get(summary.conversationId) ?? [],
  }));
}

/** One page contains a whole group of 500. */
async function watermarksOf(scope: TenantScope, conversationId: string): Promise<readonly (ReadingProgress & Key)[]> {
  const { pk } = keys.conversation(conversationId);
  const { items } = await tenantTable(scope).query<ReadingProgress>({ pk, beginsWith: progressPrefix });
  return items;
}

/** In no particular order. */
export async function readSummaries(
  scope: TenantScope,
  ids: readonly string[],
): Promise<readonly (ConversationSummary & Key)[]> {
  return tenantTable(scope).batchGet<ConversationSummary>(ids.map((id) => keys.conversationSummary(id)));
}
