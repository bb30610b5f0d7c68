import type {
  receiptProblems,
  updateReceipts as updateReceiptsRoute,
} from '../../contract/receipts/update-receipts.ts';
import { conversationNotFound, positionBeyondEnd } from '../../contract/problems.ts';
import type { ReceiptState, ReceiptUpdate } from '../../contract/schemas/receipt.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { type ConversationWithNewest, loadWithNewest } from '../log/load-conversation.ts';
import { readEntry } from '../log/log-store.ts';
import { receiptConnections, receiptPosts } from './announce-receipt.ts';
import { emitRead } from './emit-read.ts';
import { markFrom } from './mark-unread.ts';
import { type OwnProgress, ownProgress } from '../log/own-progress.ts';
import { changeProgress, progressOf } from '../log/progress-store.ts';
import { delivered, isSame, type Progress, read, unreadOf, wrote } from '../log/receipt-rules.ts';

type Decision = (progress: Progress) => Progress;

/**
 * Moves the caller's watermarks, or marks messages as unread. Reads the end of the log consistently, because access and
 * the unread count depend on it.
 */
export async function updateReceipts(
  principal: Principal,
  { conversationId, ...update }: InputOf<typeof updateReceiptsRoute>,
  caller?: CallerConnection<ReceiptState>,
): Promise<ReceiptState | Refusal<(typeof receiptProblems)[number]>> {
  const { scope, userId } = principal;
  const conversation = await loadWithNewest(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const end = conversation.entries.at(-1);
  const beyond = (['deliveredSeq', 'readSeq', 'unreadFrom'] as const).find(
    (name) => (update[name] ?? 0) > (end?.seq ?? 0),
  );
  if (beyond !== undefined) {
    const detail = `must be at most ${end?.seq ?? 0}`;
    return refuse(positionBeyondEnd, { errors: [{ pointer: `/${beyond}`, code: 'custom', detail }] });
  }

  const own = await ownProgress(conversation, userId, conversation.entries);
  const change = await decisionOn(update, principal, conversation, own);
  const decide: Decision = (progress) => {
    const current = own.own === undefined ? progress : wrote(progress, own.own);
    const next = change(current);
    // The projector announces progress by the user's own messages.
    return isSame(current, next) ? progress : next;
  };
  const stored = progressOf(own.item);
  const isChange = !isSame(stored, decide(stored));
  const [{ before, after }, connections] = await settleAll([
    changeProgress(scope, conversationId, userId, own.item, decide),
    isChange ? receiptConnections(principal, conversation) : [],
  ]);
  const progress = own.own === undefined ? after : wrote(after, own.own);
  const state: ReceiptState = {
    conversationId,
    deliveredSeq: progress.deliveredSeq,
    readSeq: progress.readSeq,
    unreadCount: unreadOf(progress, end?.state.count ?? 0, conversation.access.joined.count),
    lastSeq: end?.seq ?? 0,
  };
  await settleAll([
    deliver(scope, [
      ...(caller === undefined ? [] : [caller.acknowledge(state)]),
      ...receiptPosts({ userId, state, before, after, connections, origin: caller?.connectionId }),
    ]),
    after.readSeq > before.readSeq ? emitRead(scope, { conversationId, userId, readSeq: after.readSeq }) : undefined,
  ]);
  return state;
}

async function decisionOn(
  { deliveredSeq = 0, readSeq = 0, unreadFrom }: ReceiptUpdate,
  { userId }: Principal,
  conversation: ConversationWithNewest,
  { progress }: OwnProgress,
): Promise<Decision> {
  if (unreadFrom !== undefined) {
    const mark = await markFrom(unreadFrom, userId, conversation);
    return (current) => mark(delivered(current, deliveredSeq));
  }
  // A lower number is ignored, and the current one needs no count.
  const isRead = readSeq <= progress.readSeq;
  const recent = isRead ? undefined : conversation.entries.find(({ seq }) => seq === readSeq);
  const entry = isRead ? undefined : (recent ?? (await readEntry(conversation, readSeq)));
  const position = { seq: readSeq, count: entry?.state.count ?? progress.readCount };
  return (current) => delivered(readSeq === 0 ? current : read(current, position), deliveredSeq);
}
