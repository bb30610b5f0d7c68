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

export interface Receipts {
  /**
   * Sends at most once a second, and retries until the server answers, with an `outbox` even after a restart.
   *
   * @throws TypeError if `seq` is not an integer.
   */
  markRead(conversationId: string, seq: number): void;
  /** Unnecessary unless `reportsDelivered` is false. */
  markDelivered(conversationId: string, seq: number): void;
  /**
   * Messages from this seq on count as unread, for this user only.
   *
   * @throws RefusedError, NetworkError.
   */
  markUnread(conversationId: string, fromSeq: number): Promise<ReceiptState>;
  /** Call it for each key press. Announces at most every two seconds. */
  typing(conversationId: string): void;
  /** Call it when the user discards the text. */
  stopTyping(conversationId: string): void;
}

export interface ReceiptsInternal extends Receipts {
  /** The sent message ends typing without an announcement. */
  sent(conversationId: string): void;
  wake(): void;
  close(): Promise<void>;
}

export interface ReceiptsOptions extends SenderOptions {
  readonly call: CallRoute;
  readonly onState: (state: ReceiptState) => void;
  readonly onError: (error: Error) => void;
  readonly keeper?: OutboxKeeper;
}

export function createReceipts(options: ReceiptsOptions): ReceiptsInternal {
  const { call, isConnected, request, onState, onError, keeper } = options;
  const sender = new ReceiptSender({
    onState,
    onError,
    ...(keeper === undefined ? {} : { keeper }),
    send: async (conversationId, watermarks) => {
      if (isConnected()) {
        const answer = await request(receiptUpdate, { conversationId, ...watermarks });
        if (answer.ok) return answer.data;
        throw new RefusedError(answer.problem);
      }
      const answer = await call(updateReceipts, { params: { conversationId }, body: watermarks });
      if (answer.ok) return answer.body;
      throw new RefusedError(answer.problem);
    },
  });
  const typing = new TypingSender((conversationId, isTyping) => {
    // Typing repeats or ends by itself.
    const ignore = (): undefined => undefined;
    if (isConnected()) void request(isTyping ? typingStart : typingStop, { conversationId }).catch(ignore);
    else void call(setTyping, { params: { conversationId }, body: { typing: isTyping } }).catch(ignore);
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
