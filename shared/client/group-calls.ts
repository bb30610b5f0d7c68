import { createConversation } from '../contract/conversations/create-conversation.ts';
import { changeConversation } from '../contract/groups/change-conversation.ts';
import { addParticipants, changeParticipant, removeParticipant } from '../contract/groups/participants.ts';
import type {
  Conversation,
  HistoryVisibility,
  ParticipantRole,
  PersonReference,
} from '../contract/schemas/conversation.ts';
import { answerOf } from './answer-of.ts';
import { newClientMessageId } from './client-message-id.ts';
import type { CallRoute } from './http.ts';
import type { ServerClock } from './server-clock.ts';

export interface NewGroup {
  readonly name: string;
  /** The others, by id or e-mail address. */
  readonly participants: readonly PersonReference[];
  /** Default: `full`. */
  readonly history?: HistoryVisibility;
}

/** Every method retries if no answer came. It throws RefusedError or NetworkError. */
export interface Groups {
  create(group: NewGroup): Promise<Conversation>;
  add(conversationId: string, participants: readonly PersonReference[]): Promise<Conversation>;
  remove(conversationId: string, userId: string): Promise<void>;
  leave(conversationId: string): Promise<void>;
  rename(conversationId: string, name: string): Promise<Conversation>;
  setRole(conversationId: string, userId: string, role: ParticipantRole): Promise<Conversation>;
  setHistory(conversationId: string, history: HistoryVisibility): Promise<Conversation>;
}

/** @param onConversation receives each returned conversation. */
export function createGroups(
  call: CallRoute,
  clock: ServerClock,
  onConversation: (conversation: Conversation) => void,
): Groups {
  const reported = (conversation: Conversation): Conversation => {
    onConversation(conversation);
    return conversation;
  };
  const remove = async (conversationId: string, userId: string): Promise<void> => {
    await answerOf(call, removeParticipant, { params: { conversationId, userId } });
  };
  return {
    create: async ({ name, participants, history }) => {
      const clientConversationId = newClientMessageId(clock.now());
      const body = {
        kind: 'group' as const,
        name,
        participants: [...participants],
        clientConversationId,
        ...(history === undefined ? {} : { history }),
      };
      return reported(await answerOf(call, createConversation, { body }));
    },
    add: async (conversationId, participants) => {
      const body = { participants: [...participants] };
      return reported(await answerOf(call, addParticipants, { params: { conversationId }, body }));
    },
    remove,
    leave: (conversationId) => remove(conversationId, 'me'),
    rename: async (conversationId, name) =>
      reported(await answerOf(call, changeConversation, { params: { conversationId }, body: { name } })),
    setRole: async (conversationId, userId, role) =>
      reported(await answerOf(call, changeParticipant, { params: { conversationId, userId }, body: { role } })),
    setHistory: async (conversationId, history) =>
      reported(await answerOf(call, changeConversation, { params: { conversationId }, body: { history } })),
  };
}
