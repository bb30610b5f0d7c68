import type { receiptProblems } from '../../contract/receipts/update-receipts.ts';
import { conversationNotFound, positionBeyondEnd } from '../../contract/problems.ts';
import type { ReceiptState, ReceiptUpdate } from '../../contract/schemas/receipt.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { deliver, type Post } from '../../core/delivery/delivery.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { type CurrentConversation, currentConversation } from '../log/open-conversation.ts';
import { connectionsToTell, receiptPosts } from './announce-receipt.ts';
import { markFrom } from './mark-unread.ts';
import { type OwnProgress, ownProgress } from '../log/own-progress.ts';
import { changeProgress, progressOfItem } from '../log/participant-store.ts';
import { delivered, isSame, type Progress, read, unreadOf, wrote } from '../log/receipt-rules.ts';

export interface ReceiptInput {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly update: ReceiptUpdate;
  /** JSON pointer to the receipt in the request, for refusals of its members. */
  readonly pointer: '/body' | '/data';
  /** The connection that it comes from, if it comes by WebSocket. */
  readonly origin?: string;
  /** Makes the acknowledgement, which then goes out in one batch with the deliveries. */
  readonly acknowledge?: (state: ReceiptState) => Post;
}

type Decision = (progress: Progress) => Progress;

/**
 * Moves the caller's watermarks, or marks messages as unread. The log's end is looked at each time, consistently: it
 * says what is beyond it, who takes part, and how much is unread. One write if anything changes, none otherwise.
 */
export async function updateReceipts(
  input: ReceiptInput,
): Promise<ReceiptState | Refusal<(typeof receiptProblems)[number]>> {
  const { principal, conversationId, update, pointer } = input;
  const { scope, userId } = principal;
  const conversation = await currentConversation(scope, conversationId, userId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const end = conversation.entries.at(-1);
  const beyond = (['deliveredSeq', 'readSeq', 'unreadFrom'] as const).find(
    (name) => (update[name] ?? 0) > (end?.seq ?? 0),
  );
  if (beyond !== undefined) {
    const detail = `must be at most ${end?.seq ?? 0}`;
    return refuse(positionBeyondEnd, { errors: [{ pointer: `${pointer}/${beyond}`, code: 'custom', detail }] });
  }

  const own = await ownProgress(scope, conversation, userId, conversation.entries);
  const change = await decisionOn(update, principal, conversation, own);
  const decide: Decision = (progress) => {
    const known = own.own === undefined ? progress : wrote(progress, own.own);
    const next = change(known);
    // What was written is the projector's to tell.
    return isSame(known, next) ? progress : next;
  };
  const stored = progressOfItem(own.item);
  const isNews = !isSame(stored, decide(stored));
  const [{ before, after }, connections] = await settleAll([
    changeProgress(scope, conversationId, userId, own.item, decide),
    isNews ? connectionsToTell(principal, conversation.item) : [],
  ]);
  const progress = own.own === undefined ? after : wrote(after, own.own);
  const state: ReceiptState = {
    conversationId,
    deliveredSeq: progress.deliveredSeq,
    readSeq: progress.readSeq,
    unreadCount: unreadOf(progress, end?.state.count ?? 0, conversation.member.n),
    lastSeq: end?.seq ?? 0,
  };
  await deliver(scope, [
    ...(input.acknowledge === undefined ? [] : [input.acknowledge(state)]),
    ...receiptPosts({ userId, state, before, after, connections, origin: input.origin }),
  ]);
  return state;
}

/** What the update makes of a progress; reads what it has to know for that. */
async function decisionOn(
  { deliveredSeq = 0, readSeq = 0, unreadFrom }: ReceiptUpdate,
  { userId }: Principal,
  conversation: CurrentConversation,
  { progress }: OwnProgress,
): Promise<Decision> {
  if (unreadFrom !== undefined) {
    const mark = await markFrom(unreadFrom, userId, conversation);
    return (known) => mark(delivered(known, deliveredSeq));
  }
  // Lower ones are ignored, and the own one needs no count.
  const known = readSeq <= progress.readSeq;
  const at = known ? undefined : conversation.entries.find((one) => one.seq === readSeq);
  const entry = known ? undefined : (at ?? (await conversation.store.readEntry(readSeq)));
  const position = { seq: readSeq, count: entry?.state.count ?? progress.readCount };
  return (one) => delivered(readSeq === 0 ? one : read(one, position), deliveredSeq);
}
