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
  /** What newcomers see of what was written before them; everything if absent. */
  readonly history?: HistoryVisibility;
}

/**
 * What people do with groups. Each call is repeated if no answer came, which is harmless.
 *
 * All throw RefusedError if it was refused, NetworkError if nobody answered.
 */
export interface Groups {
  /** Starts a group, whose admin is the user. */
  create(group: NewGroup): Promise<Conversation>;
  add(conversationId: string, participants: readonly PersonReference[]): Promise<Conversation>;
  remove(conversationId: string, userId: string): Promise<void>;
  leave(conversationId: string): Promise<void>;
  rename(conversationId: string, name: string): Promise<Conversation>;
  setRole(conversationId: string, userId: string, role: ParticipantRole): Promise<Conversation>;
  /** Decides what newcomers see of what was written before them. */
  setHistory(conversationId: string, history: HistoryVisibility): Promise<Conversation>;
}

/** @param onConversation hears of each conversation that an answer brought. */
export function createGroups(
  call: CallRoute,
  clock: ServerClock,
  onConversation: (conversation: Conversation) => void,
): Groups {
  const told = (conversation: Conversation): Conversation => {
    onConversation(conversation);
    return conversation;
  };
  const removed = async (conversationId: string, userId: string): Promise<void> => {
    await answerOf(call, removeParticipant, { params: { conversationId, userId } });
  };
  return {
    create: async ({ name, participants, history }) => {
      const clientConversationId = newClientMessageId(clock.now());
      const more = { clientConversationId, ...(history === undefined ? {} : { history }) };
      const body = { kind: 'group' as const, name, participants: [...participants], ...more };
      return told(await answerOf(call, createConversation, { body }));
    },
    add: async (conversationId, participants) => {
      const body = { participants: [...participants] };
      return told(await answerOf(call, addParticipants, { params: { conversationId }, body }));
    },
    remove: removed,
    leave: (conversationId) => removed(conversationId, 'me'),
    rename: async (conversationId, name) =>
      told(await answerOf(call, changeConversation, { params: { conversationId }, body: { name } })),
    setRole: async (conversationId, userId, role) =>
      told(await answerOf(call, changeParticipant, { params: { conversationId, userId }, body: { role } })),
    setHistory: async (conversationId, history) =>
      told(await answerOf(call, changeConversation, { params: { conversationId }, body: { history } })),
  };
}
