import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { keys, participantPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ConversationItem, type ParticipantItem, participantIdsOf } from './conversation-item.ts';
import { isSame, noProgress, type Progress } from './receipt-rules.ts';

/** Only a user's own devices and the projector write here, and whoever loses does so to somebody who got on. */
const attempts = 20;

export function progressOfItem(item: ParticipantItem | undefined): Progress {
  if (item === undefined) return noProgress;
  const { deliveredSeq, readSeq, readCount, markedUnread = 0 } = item;
  return { deliveredSeq, readSeq, readCount, markedUnread };
}

/** A participant's watermarks as they are now, if there are any. */
export function readParticipant(
  scope: TenantScope,
  conversationId: string,
  userId: string,
): Promise<ParticipantItem | undefined> {
  return tenantTable(scope).get<ParticipantItem>(keys.participant(conversationId, userId), { consistent: true });
}

/** Everybody’s watermarks, eventually consistent; nobody's where there are too many people for receipts. */
export async function readWatermarks(
  scope: TenantScope,
  conversationId: string,
  item: ConversationItem,
  { consistent }: { readonly consistent: boolean } = { consistent: false },
): Promise<readonly ParticipantItem[]> {
  if (participantIdsOf(item).length > mostPeopleForReceipts) return [];
  const found: ParticipantItem[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<ParticipantItem>({
      pk: keys.conversation(conversationId).pk,
      beginsWith: participantPrefix,
      consistent,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    after = page.lastSortKey;
  } while (after !== undefined);
  return found;
}

/**
 * Changes a participant's progress by one conditional write, or none where nothing changes.
 * @param known - the item as it is thought to be: another one is met with a second decision.
 * @throws when the item changes on and on.
 */
export async function changeProgress(
  scope: TenantScope,
  conversationId: string,
  userId: string,
  known: ParticipantItem | undefined,
  decide: (progress: Progress) => Progress,
): Promise<{ readonly before: Progress; readonly after: Progress }> {
  let item = known;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = progressOfItem(item);
    const after = decide(before);
    if (isSame(before, after)) return { before, after };
    const outcome = await tenantTable(scope).update<ParticipantItem>(
      keys.participant(conversationId, userId),
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
  throw new Error('A participant’s watermarks changed with every attempt to move them');
}

function unmoved({ deliveredSeq, readSeq }: ParticipantItem): Expression {
  return {
    expression: '#readSeq = :knownRead AND #deliveredSeq = :knownDelivered',
    values: { knownRead: readSeq, knownDelivered: deliveredSeq },
  };
}
