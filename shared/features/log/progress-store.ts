import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { keys, progressPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ConversationItem, participantIdsOf } from './conversation-item.ts';
import { isSame, noProgress, type Progress } from './receipt-rules.ts';

/** Of competing writers, one always succeeds. */
const attempts = 20;

/** Absent until the first progress. Watermarks only rise. */
export interface ReadingProgress {
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** Count of the log at `readSeq`. */
  readonly readCount: number;
  /** Messages of others up to `readSeq`. Only the user's own devices receive it. */
  readonly markedUnread?: number;
}

export function progressOf(item: ReadingProgress | undefined): Progress {
  if (item === undefined) return noProgress;
  const { deliveredSeq, readSeq, readCount, markedUnread = 0 } = item;
  return { deliveredSeq, readSeq, readCount, markedUnread };
}

/** Reads consistently. */
export function readProgress(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<ReadingProgress | undefined> {
  return tenantTable(scope).get<ReadingProgress>(keys.progress(conversationId, userId), { consistent: true });
}

/** Empty with too many people for receipts. */
export async function readWatermarks(
  scope: TenantScope,
  conversationId: string,
  item: ConversationItem,
  { consistent }: { readonly consistent: boolean } = { consistent: false },
): Promise<readonly ReadingProgress[]> {
  if (participantIdsOf(item).length > mostPeopleForReceipts) return [];
  const found: ReadingProgress[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<ReadingProgress>({
      pk: keys.conversation(conversationId).pk,
      beginsWith: progressPrefix,
      consistent,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    after = page.lastSortKey;
  } while (after !== undefined);
  return found;
}

/**
 * Writes nothing if nothing changes.
 * @param expected - the item that is probably stored.
 * @throws Error if the item changes at every attempt.
 */
export async function changeProgress(
  scope: TenantScope,
  conversationId: string,
  userId: string,
  expected: ReadingProgress | undefined,
  decide: (progress: Progress) => Progress,
): Promise<{ readonly before: Progress; readonly after: Progress }> {
  let item = expected;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = progressOf(item);
    const after = decide(before);
    if (isSame(before, after)) return { before, after };
    const outcome = await tenantTable(scope).update<ReadingProgress>(
      keys.progress(conversationId, userId),
      {
        expression: `SET #userId = :user, #deliveredSeq = :delivered, #readSeq = :read, #readCount = :count${
          after.markedUnread === 0 ? ' REMOVE #markedUnread' : ', #markedUnread = :marked'
        }`,
        values: {
          user: userId,
          delivered: after.deliveredSeq,
          read: after.readSeq,
          count: after.readCount,
          ...(after.markedUnread === 0 ? {} : { marked: after.markedUnread }),
        },
      },
      item === undefined ? absent : unmoved(item),
    );
    if (outcome.written) return { before, after };
    item = outcome.existing;
  }
  throw new Error('A participant’s watermarks changed during every attempt to move them');
}

function unmoved({ deliveredSeq, readSeq }: ReadingProgress): Expression {
  return {
    expression: '#readSeq = :knownRead AND #deliveredSeq = :knownDelivered',
    values: { knownRead: readSeq, knownDelivered: deliveredSeq },
  };
}
