import { wipeConversation } from '../contract/desk/wipe.ts';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { Conversation } from '../contract/schemas/conversation.ts';
import type { Guest } from '../contract/schemas/guest.ts';
import type { Message } from '../contract/schemas/message.ts';
import type { User } from '../contract/schemas/user.ts';
import type { ChatClient } from './chat-client.ts';
import { type ChatState, conversationsOf, statusIn } from './chat-state-rules.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import type { FormAnswers } from './outgoing-task.ts';
import type { PendingMessage } from './pending-message.ts';
import { messageSent, type SentMessage, type SentStart, startSent } from './sent.ts';
import { pendingStart, type SupportStart } from './support-start.ts';

/** `sent`: on its way. `received`: stored by the service. `seen`: read by an agent. `here`: an agent answers. */
export type HelpState = 'sent' | 'received' | 'seen' | 'here';

export interface StartedSupport extends SentStart {
  /** Use it until `stored` resolves, for messages that are written before there is a conversation. */
  readonly conversationId: string;
}

export interface Support {
  /**
   * Starts a support conversation now or once there is a network, exactly once. Messages for the returned
   * `conversationId` follow: urgent ones first, texts before files.
   *
   * @throws TypeError if JSON cannot represent it.
   */
  start(start?: SupportStart): StartedSupport;
  /** Starts that the server has not answered, such as those of an earlier run of the program. */
  pendingStarts(): readonly PendingMessage[];
  /**
   * Answers a form of the desk now or once there is a network. Only the customer can. If answers do not fit,
   * `stored` rejects, and {@link answerErrorsOf} says what to correct.
   *
   * @throws TypeError if JSON cannot represent the answers.
   */
  answerForm(conversationId: string, formSeq: number, answers: FormAnswers): SentMessage;
  /** How far the help for a message has come. */
  helpState(conversationId: string, message: Message | PendingMessage): HelpState;
  /**
   * Deletes everything that was written in the conversation, for everyone. This cannot be undone.
   *
   * @throws RefusedError, NetworkError.
   */
  wipe(conversationId: string): Promise<void>;
}

export function openSupport(client: ChatClient<User | Guest>): Support {
  const { outbox } = client.internals;
  return {
    start: (start = {}) => {
      const outgoing = outbox.start(start);
      return { ...startSent(outgoing), conversationId: outgoing.pending.conversationId };
    },
    answerForm: (conversationId, formSeq, answers) =>
      messageSent(outbox.add(conversationId, { kind: 'answers', formSeq, answers })),
    pendingStarts: () => outbox.starts(),
    helpState: (conversationId, message) => helpStateIn(client.state, conversationId, message),
    wipe: async (conversationId) => {
      outbox.wipe(conversationId);
      await client.request(wipeConversation, { params: { conversationId } });
    },
  };
}

/**
 * Keeps a first message before the guest can sign in, because there is no network. The first client of the outbox sends
 * it. Resolves once it survives a crash.
 *
 * @throws TypeError if JSON cannot represent it.
 */
export async function keepSupportStart(outbox: OutboxStorage, start: SupportStart): Promise<PendingMessage> {
  const pending = pendingStart(start, Date.now());
  await outbox.put(pending);
  return pending;
}

/** The corrections, by the ids of the form’s fields. Empty if the answers were rejected for another reason. */
export function answerErrorsOf({ errors = [] }: Pick<ProblemBody, 'errors'>): ReadonlyMap<string, string> {
  return new Map(
    errors.flatMap(({ pointer, detail }) => {
      const [, fieldId] = /^(?:\/body)?\/answers\/([^/]+)$/.exec(pointer) ?? [];
      return fieldId === undefined ? [] : [[fieldId, detail] as const];
    }),
  );
}

export function helpStateIn(state: ChatState, conversationId: string, message: Message | PendingMessage): HelpState {
  if ('localId' in message) return 'sent';
  if (statusIn(state, message) !== 'read') return 'received';
  const conversation = conversationsOf(state).find(({ id }) => id === conversationId);
  return conversation !== undefined && isAnswered(conversation, message.seq) ? 'here' : 'seen';
}

/** The agent who has the conversation has read the message. */
function isAnswered({ status, assigneeId, participants }: Conversation, seq: number): boolean {
  return status === 'active' && participants.some(({ userId, readSeq }) => userId === assigneeId && readSeq >= seq);
}
