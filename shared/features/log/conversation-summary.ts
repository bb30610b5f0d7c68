import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type StoredEntry, toStoredEntry } from './log-codec.ts';
import type { LogEntry } from './log-entry.ts';
import { changeProgress, type ReadingProgress } from './progress-store.ts';
import { wrote } from './receipt-rules.ts';

/**
 * The end of a conversation's log, for lists. A projection, stored at `keys.conversationSummary`. The stream projector
 * updates it once for each batch and conversation.
 */
export interface ConversationSummary {
  readonly conversationId: string;
  readonly lastSeq: number;
  /** The log's running count at its end. */
  readonly count: number;
  /**
   * When the newest message or system message was written. Edits and reactions do not move a conversation to the top.
   */
  readonly activityAt: number;
  /** The newest message or system message, as it is now, and its number. */
  readonly last?: StoredEntry;
  readonly lastShownSeq?: number;
  /** Number of the entry that changed `last` last. */
  readonly lastUpdatedSeq?: number;
}

export function newSummary(conversationId: string, createdAt: number): ConversationSummary {
  return { conversationId, lastSeq: 0, count: 0, activityAt: createdAt };
}

/** Moves the summary forward to an entry. Never moves it back. */
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

/** Shows a newer message, or a newer version of the newest one, in the summary. */
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

/** Moves the summary forward and shows the newest entry in it, in one write. */
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

/**
 * Moves a sender's watermarks to the sender's own message, because a user who writes has read everything before. Takes
 * one write, or two if a stored watermark is ahead.
 */
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
