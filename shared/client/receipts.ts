import { setTyping } from '../contract/receipts/set-typing.ts';
import { updateReceipts } from '../contract/receipts/update-receipts.ts';
import type { ReceiptState } from '../contract/schemas/receipt.ts';
import { receiptUpdate, typingStart, typingStop } from '../contract/receipts/receipt-actions.ts';
import { answerOf } from './answer-of.ts';
import type { CallRoute } from './http.ts';
import type { OutboxKeeper } from './outbox-keeper.ts';
import { ReceiptSender } from './receipt-sender.ts';
import { RefusedError } from './refused-error.ts';
import type { SenderOptions } from './sender.ts';
import { TypingSender } from './typing-sender.ts';

/** Tells the others what was received and read, and that the user types. */
export interface Receipts {
  /**
   * Reports that everything up to this number was read. Sent at most once a second, and retried when there is a
   * connection; with an `outbox` also after the program restarts.
   *
   * @throws TypeError if it is not the number of a message.
   */
  markRead(conversationId: string, seq: number): void;
  /** Everything up to this number has reached the device; the client says it by itself unless told not to. */
  markDelivered(conversationId: string, seq: number): void;
  /**
   * Marks what was written from this number on as unread, for the user alone.
   *
   * @throws RefusedError if it was refused, NetworkError if nobody answered.
   */
  markUnread(conversationId: string, fromSeq: number): Promise<ReceiptState>;
  /** A key was pressed: call it as often as that. Told at most every two seconds. */
  typing(conversationId: string): void;
  /** What was being typed was given up. */
  stopTyping(conversationId: string): void;
}

export interface ReceiptsWithin extends Receipts {
  /** A message was sent: that says that typing is over. */
  sent(conversationId: string): void;
  wake(): void;
  /** Resolves once what is not told is written. */
  close(): Promise<void>;
}

export interface ReceiptsOptions extends SenderOptions {
  readonly call: CallRoute;
  readonly onState: (state: ReceiptState) => void;
  readonly onError: (error: Error) => void;
  /** Keeps what is not told yet beyond the end of the program. */
  readonly keeper?: OutboxKeeper;
}

export function createReceipts(options: ReceiptsOptions): ReceiptsWithin {
  const { call, isConnected, request, onState, onError, keeper } = options;
  const sender = new ReceiptSender({
    onState,
    onError,
    ...(keeper === undefined ? {} : { keeper }),
    send: async (conversationId, marks) => {
      if (isConnected()) {
        const answer = await request(receiptUpdate, { conversationId, ...marks });
        if (answer.ok) return answer.data;
        throw new RefusedError(answer.problem);
      }
      // Without an answer the sender itself comes again.
      const answer = await call(updateReceipts, { params: { conversationId }, body: marks });
      if (answer.ok) return answer.body;
      throw new RefusedError(answer.problem);
    },
  });
  const typing = new TypingSender((conversationId, isTyping) => {
    // Nobody misses it: it is said again, or ends by itself.
    const forgotten = (): undefined => undefined;
    if (isConnected()) void request(isTyping ? typingStart : typingStop, { conversationId }).catch(forgotten);
    else void call(setTyping, { params: { conversationId }, body: { typing: isTyping } }).catch(forgotten);
  });
  return {
    markRead: (conversationId, seq) => sender.read(conversationId, seq),
    markDelivered: (conversationId, seq) => sender.delivered(conversationId, seq),
    markUnread: async (conversationId, unreadFrom) => {
      const state = await answerOf(call, updateReceipts, { params: { conversationId }, body: { unreadFrom } });
      sender.reset(conversationId);
      onState(state);
      return state;
    },
    typing: (conversationId) => typing.typing(conversationId),
    stopTyping: (conversationId) => typing.stopped(conversationId),
    sent: (conversationId) => typing.stopped(conversationId, true),
    wake: () => sender.wake(),
    close: () => sender.close(),
  };
}
