import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type StoredEntry, toStoredEntry } from './log-codec.ts';
import type { Audience, LogEntry } from './log-entry.ts';
import { changeProgress, type ReadingProgress } from './progress-store.ts';
import { wrote } from './receipt-rules.ts';

/** A projection. The stream projector updates it once for each batch and conversation. */
export interface ConversationSummary {
  readonly conversationId: string;
  readonly lastSeq: number;
  readonly count: number;
  /** Edits and reactions do not move a conversation to the top. */
  readonly activityAt: number;
  /** The newest message or system message, with its changes. */
  readonly last?: StoredEntry;
  readonly lastShownSeq?: number;
  /** The last entry that changed `last`. */
  readonly lastUpdatedSeq?: number;
  /** The newest entry that only agents see. It moves nothing for customers. */
  readonly agentsLast?: StoredEntry;
  readonly agentsLastSeq?: number;
  readonly agentsLastUpdatedSeq?: number;
  readonly agentsActivityAt?: number;
}

/** The newest entry that readers of some audiences see in lists, and its time. */
export function shownIn(
  summary: ConversationSummary,
  audiences: readonly Audience[],
): { readonly last?: StoredEntry; readonly seq: number; readonly activityAt: number } {
  const { last, lastShownSeq = 0, activityAt, agentsLast, agentsLastSeq = 0, agentsActivityAt = 0 } = summary;
  if (agentsLast !== undefined && agentsLastSeq > lastShownSeq && audiences.includes('agents')) {
    return { last: agentsLast, seq: agentsLastSeq, activityAt: Math.max(activityAt, agentsActivityAt) };
  }
  return { ...(last === undefined ? {} : { last }), seq: lastShownSeq, activityAt };
}

export function newSummary(conversationId: string, createdAt: number): ConversationSummary {
  return { conversationId, lastSeq: 0, count: 0, activityAt: createdAt };
}

/** Never moves the summary back. */
export async function advanceSummary(scope: TenantScope, conversationId: string, newest: LogEntry): Promise<void> {
  await tenantTable(scope).update<ConversationSummary>(
    keys.conversationSummary(conversationId),
    {
      expression: 'SET #conversationId = :id, #lastSeq = :seq, #count = :count',
      values: { id: conversationId, seq: newest.seq, count: newest.state.count },
    },
    { expression: 'attribute_not_exists(#lastSeq) OR #lastSeq < :seq', values: {} },
  );
}

/** Replaces only an older message or version. */
export async function showInSummary(scope: TenantScope, conversationId: string, shown: LogEntry): Promise<void> {
  await tenantTable(scope).update<ConversationSummary>(
    keys.conversationSummary(conversationId),
    {
      expression:
        'SET #conversationId = :id, #activityAt = :at, #last = :last, #lastShownSeq = :seq, #lastUpdatedSeq = :updated',
      values: {
        id: conversationId,
        at: shown.createdAt,
        last: toStoredEntry(shown),
        seq: shown.seq,
        updated: shown.changes.updatedSeq,
      },
    },
    {
      expression:
        'attribute_not_exists(#lastShownSeq) OR #lastShownSeq < :seq OR (#lastShownSeq = :seq AND #lastUpdatedSeq < :updated)',
      values: {},
    },
  );
}

/** Like {@link showInSummary}, for an entry that only agents see. */
export async function showToAgents(scope: TenantScope, conversationId: string, shown: LogEntry): Promise<void> {
  await tenantTable(scope).update<ConversationSummary>(
    keys.conversationSummary(conversationId),
    {
      expression:
        'SET #conversationId = :id, #agentsActivityAt = :at, #agentsLast = :last, #agentsLastSeq = :seq, #agentsLastUpdatedSeq = :updated',
      values: {
        id: conversationId,
        at: shown.createdAt,
        last: toStoredEntry(shown),
        seq: shown.seq,
        updated: shown.changes.updatedSeq,
      },
    },
    {
      expression:
        'attribute_not_exists(#agentsLastSeq) OR #agentsLastSeq < :seq OR (#agentsLastSeq = :seq AND #agentsLastUpdatedSeq < :updated)',
      values: {},
    },
  );
}

export async function advanceAndShow(scope: TenantScope, conversationId: string, newest: LogEntry): Promise<void> {
  if (!newest.kind.isShown) return advanceSummary(scope, conversationId, newest);
  await tenantTable(scope).update<ConversationSummary>(
    keys.conversationSummary(conversationId),
    {
      expression:
        'SET #conversationId = :id, #lastSeq = :seq, #count = :count, #activityAt = :at, #last = :last, #lastShownSeq = :seq, #lastUpdatedSeq = :updated',
      values: {
        id: conversationId,
        seq: newest.seq,
        count: newest.state.count,
        at: newest.createdAt,
        last: toStoredEntry(newest),
        updated: newest.changes.updatedSeq,
      },
    },
    { expression: 'attribute_not_exists(#lastSeq) OR #lastSeq < :seq', values: {} },
  );
}

/** A user who writes has read everything before. */
export async function advanceSender(scope: TenantScope, conversationId: string, own: LogEntry): Promise<void> {
  const outcome = await tenantTable(scope).update<ReadingProgress>(
    keys.progress(conversationId, own.senderId),
    {
      expression:
        'SET #userId = :user, #readSeq = :seq, #deliveredSeq = :seq, #readCount = :count REMOVE #markedUnread',
      values: { user: own.senderId, seq: own.seq, count: own.state.count },
    },
    { expression: 'attribute_not_exists(#readSeq) OR (#readSeq < :seq AND #deliveredSeq <= :seq)', values: {} },
  );
  if (outcome.written) return;
  const position = { seq: own.seq, count: own.state.count };
  await changeProgress(scope, conversationId, own.senderId, outcome.existing, (progress) => wrote(progress, position));
}
