import { keys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { type StoredEntry, toStoredEntry } from './log/log-codec.ts';
import type { LogEntry } from './log/log-entry.ts';

/**
 * What lists need of a conversation's log: its end. A projection, kept by the stream projector once for each batch and
 * conversation; stored at `keys.conversationHead`.
 */
export interface HeadItem {
  readonly conversationId: string;
  readonly lastSeq: number;
  /** The log's running count at its end. */
  readonly count: number;
  readonly activityAt: number;
  readonly last?: StoredEntry;
}

export function newHead(conversationId: string, createdAt: number): HeadItem {
  return { conversationId, lastSeq: 0, count: 0, activityAt: createdAt };
}

/** Moves the head forward to an entry; a head that is there or further stays. */
export async function advanceHead(scope: TenantScope, conversationId: string, newest: LogEntry): Promise<void> {
  await tenantTable(scope).update<HeadItem>(
    keys.conversationHead(conversationId),
    {
      expression: 'SET #conversationId = :id, #lastSeq = :seq, #count = :count, #activityAt = :at, #last = :last',
      values: {
        id: conversationId,
        seq: newest.seq,
        count: newest.state.count,
        at: newest.createdAt,
        last: toStoredEntry(newest),
      },
    },
    { expression: 'attribute_not_exists(#lastSeq) OR #lastSeq < :seq', values: {} },
  );
}

/** Who writes has read what was written before: moves the sender's watermarks up to the own entry. */
export async function advanceSender(scope: TenantScope, conversationId: string, own: LogEntry): Promise<void> {
  await tenantTable(scope).update(
    keys.participant(conversationId, own.senderId),
    {
      expression: 'SET #readSeq = :seq, #deliveredSeq = :seq, #readCount = :count',
      values: { seq: own.seq, count: own.state.count },
    },
    { expression: 'attribute_exists(#pk) AND #readSeq < :seq', values: {} },
  );
}
