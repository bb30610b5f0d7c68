import type * as z from 'zod/mini';
import { createConversation } from '../contract/conversations/create-conversation.ts';
import { answerForm } from '../contract/desk/forms.ts';
import { deleteMessage } from '../contract/messages/delete-message.ts';
import { editMessage } from '../contract/messages/edit-message.ts';
import { addReaction, removeReaction } from '../contract/messages/reactions.ts';
import { sendMessage } from '../contract/messages/send-message.ts';
import type { Action } from '../contract/kit/define-action.ts';
import { messageDelete, messageEdit, reactionAdd, reactionRemove } from '../contract/messages/message-changes.ts';
import { messageSend } from '../contract/messages/message-send.ts';
import { tooManyConnections } from '../contract/sockets/problems.ts';
import type { CallRoute, RouteAnswer } from './http.ts';
import type { SendAttempt } from './outbox-lane.ts';
import type { OutgoingTask } from './outgoing-task.ts';
import type { PendingMessage, SendOutcome } from './pending-message.ts';
import { NetworkError } from './network-error.ts';
import { isMessage, isReactions, isRecord } from './server-event.ts';
import { type ActionOutcome, FrameTooLargeError } from './socket-link.ts';

export interface SenderOptions {
  readonly isConnected: () => boolean;
  readonly request: <A extends Action>(action: A, data: z.input<A['data']>) => Promise<ActionOutcome<A>>;
  readonly call: CallRoute;
}

const onlyByHttp: ReadonlySet<OutgoingTask['kind']> = new Set(['start', 'answers']);

/** Uses the socket if it is open and the frame fits, otherwise HTTP. */
export function createSender(options: SenderOptions): SendAttempt {
  return async (pending) => {
    if (!options.isConnected() || onlyByHttp.has(pending.task.kind)) return byHttp(options, pending);
    try {
      const outcome = await bySocket(options, pending);
      // The server rejected the connection, not the message.
      return !outcome.ok && outcome.problem.code === tooManyConnections.code ? await byHttp(options, pending) : outcome;
    } catch (error) {
      if (error instanceof FrameTooLargeError) return byHttp(options, pending);
      throw error;
    }
  };
}

async function bySocket({ request }: SenderOptions, pending: PendingMessage): Promise<SendOutcome> {
  const { conversationId, clientMessageId, task } = pending;
  switch (task.kind) {
    case 'start':
    case 'answers':
      throw new Error(`Only HTTP sends ${task.kind}`);
    case 'message':
      return messageOutcome(bodyOf(await request(messageSend, { ...task.message, clientMessageId, conversationId })));
    case 'edit': {
      const { kind: _, ...edit } = task;
      return messageOutcome(bodyOf(await request(messageEdit, { ...edit, clientMessageId, conversationId })));
    }
    case 'deletion':
      return messageOutcome(bodyOf(await request(messageDelete, { conversationId, seq: task.seq })));
    case 'reaction': {
      const { seq, emoji, added } = task;
      const data = { conversationId, seq, emoji, clientMessageId };
      const answer = await request(added ? reactionAdd : reactionRemove, data);
      return reactionOutcome(bodyOf(answer));
    }
  }
}

async function byHttp({ call }: SenderOptions, pending: PendingMessage): Promise<SendOutcome> {
  const { conversationId, clientMessageId, task } = pending;
  switch (task.kind) {
    case 'start': {
      const { message, ...fields } = task.start;
      const first = message === undefined ? {} : { message: { ...message, clientMessageId } };
      // One id for both: a repeated request finds the conversation and the message.
      const body = { kind: 'support' as const, ...fields, ...first, clientConversationId: clientMessageId };
      return startOutcome(await call(createConversation, { body }));
    }
    case 'message': {
      const answer = await call(sendMessage, {
        params: { conversationId },
        body: { ...task.message, clientMessageId },
      });
      return messageOutcome(answer);
    }
    case 'answers': {
      const { kind: _, ...body } = task;
      return messageOutcome(await call(answerForm, { params: { conversationId }, body: { ...body, clientMessageId } }));
    }
    case 'edit': {
      const { kind: _, seq, ...edit } = task;
      const answer = await call(editMessage, {
        params: { conversationId, seq },
        body: { ...edit, clientMessageId },
      });
      return messageOutcome(answer);
    }
    case 'deletion': {
      const answer = await call(deleteMessage, { params: { conversationId, seq: task.seq } });
      return messageOutcome(answer);
    }
    case 'reaction': {
      const { seq, emoji, added } = task;
      const answer = await call(added ? addReaction : removeReaction, {
        params: { conversationId, seq, emoji },
        query: { clientMessageId },
      });
      return reactionOutcome(answer);
    }
  }
}

type Answer = { readonly ok: true; readonly body: unknown } | Extract<SendOutcome, { ok: false }>;

/** Another shape may come from another system, so the outcome is unknown. */
function messageOutcome(answer: Answer): SendOutcome {
  if (!answer.ok) return answer;
  if (!isMessage(answer.body)) throw new NetworkError('not-understood');
  return { ok: true, message: answer.body };
}

function startOutcome(answer: RouteAnswer<typeof createConversation>): SendOutcome {
  if (!answer.ok) return answer;
  if (!isRecord(answer.body) || typeof answer.body.id !== 'string') throw new NetworkError('not-understood');
  return { ok: true, conversation: answer.body };
}

function reactionOutcome(answer: Answer): SendOutcome {
  if (!answer.ok) return answer;
  if (!isReactions(answer.body)) throw new NetworkError('not-understood');
  return { ok: true, reactions: answer.body };
}

function bodyOf(answer: ActionOutcome<Action>): Answer {
  return answer.ok ? { ok: true, body: answer.data } : answer;
}
