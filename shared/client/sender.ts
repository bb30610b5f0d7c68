import type * as z from 'zod/mini';
import { deleteMessage } from '../contract/messages/delete-message.ts';
import { editMessage } from '../contract/messages/edit-message.ts';
import { addReaction, removeReaction } from '../contract/messages/reactions.ts';
import { sendMessage } from '../contract/messages/send-message.ts';
import type { Action } from '../contract/kit/define-action.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from '../contract/socket/message-changes.ts';
import { messageSend } from '../contract/socket/message-send.ts';
import type { CallRoute } from './http.ts';
import type { SendAttempt } from './outbox-lane.ts';
import type { PendingMessage, SendOutcome } from './pending-message.ts';
import type { ActionOutcome } from './socket-link.ts';

export interface SenderOptions {
  readonly isConnected: () => boolean;
  /** Sends an action on the present connection. */
  readonly request: <A extends Action>(action: A, data: z.input<A['data']>) => Promise<ActionOutcome<A>>;
  readonly call: CallRoute;
}

/** Sends what is pending: by the socket when there is one; where WebSockets do not get through, by HTTP. */
export function createSender(options: SenderOptions): SendAttempt {
  return (pending) => (options.isConnected() ? bySocket(options, pending) : byHttp(options, pending));
}

async function bySocket({ request }: SenderOptions, pending: PendingMessage): Promise<SendOutcome> {
  const { conversationId, clientMessageId, task } = pending;
  switch (task.kind) {
    case 'message':
      return messageOutcome(await request(messageSend, { ...task.draft, clientMessageId, conversationId }));
    case 'edit': {
      const { kind: _, ...edit } = task;
      return messageOutcome(await request(messageEdit, { ...edit, clientMessageId, conversationId }));
    }
    case 'deletion':
      return messageOutcome(await request(messageDelete, { conversationId, seq: task.seq }));
    case 'reaction': {
      const { seq, emoji, added } = task;
      const answer = await request(added ? reactionAdd : reactionRemove, { conversationId, seq, emoji });
      return answer.ok ? { ok: true, reactions: answer.data } : answer;
    }
  }
}

async function byHttp({ call }: SenderOptions, pending: PendingMessage): Promise<SendOutcome> {
  const { conversationId, clientMessageId, task } = pending;
  switch (task.kind) {
    case 'message': {
      const answer = await call(sendMessage, { params: { conversationId }, body: { ...task.draft, clientMessageId } });
      return answer.ok ? { ok: true, message: answer.body } : answer;
    }
    case 'edit': {
      const { kind: _, seq, ...edit } = task;
      const answer = await call(editMessage, {
        params: { conversationId, seq },
        body: { ...edit, clientMessageId },
      });
      return answer.ok ? { ok: true, message: answer.body } : answer;
    }
    case 'deletion': {
      const answer = await call(deleteMessage, { params: { conversationId, seq: task.seq } });
      return answer.ok ? { ok: true, message: answer.body } : answer;
    }
    case 'reaction': {
      const { seq, emoji, added } = task;
      const answer = await call(added ? addReaction : removeReaction, { params: { conversationId, seq, emoji } });
      return answer.ok ? { ok: true, reactions: answer.body } : answer;
    }
  }
}

function messageOutcome(
  outcome: ActionOutcome<typeof messageSend | typeof messageEdit | typeof messageDelete>,
): SendOutcome {
  return outcome.ok ? { ok: true, message: outcome.data } : outcome;
}
