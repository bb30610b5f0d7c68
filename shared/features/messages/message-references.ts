import { referenceNotFound } from '../../contract/problems.ts';
import { longestLiveLocationMs, type NewMessage } from '../../contract/schemas/message.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { isVisible } from '../log/access.ts';
import { type ConversationItem, isParticipant } from '../log/conversation-item.ts';
import { readConversation } from '../log/conversation-store.ts';
import type { WritableConversation } from '../log/load-conversation.ts';
import { readEntry } from '../log/log-store.ts';

type Missing = Refusal<typeof referenceNotFound>;

/**
 * Refuses replies to missing messages and mentions of users who are not participants. Reads nothing if the cache
 * suffices.
 */
export async function missingReference(
  conversation: WritableConversation,
  { replyTo, mentions = [] }: Pick<NewMessage, 'replyTo' | 'mentions'>,
): Promise<Missing | undefined> {
  const { scope, conversationId, item, access, tail } = conversation;
  const strangerIn = (current: ConversationItem) => mentions.findIndex((userId) => !isParticipant(current, userId));
  if (strangerIn(item) !== -1) {
    // The mentioned user may have joined since the item was cached.
    const stranger = strangerIn((await readConversation(scope, conversationId)) ?? item);
    if (stranger !== -1) return missing(`/mentions/${stranger}`, 'must take part in the conversation');
  }
  if (replyTo === undefined) return undefined;
  const answered = tail.entries.find(({ seq }) => seq === replyTo) ?? (await readEntry(conversation, replyTo));
  return answered?.kind.isMessage === true && isVisible(answered, access)
    ? undefined
    : missing('/replyTo', 'must be the number of a message of the conversation');
}

export function impossibleLocation(location: NewMessage['location'], now: number): Missing | undefined {
  if (location?.liveUntil === undefined) return undefined;
  const end = Date.parse(location.liveUntil);
  // An end in the past is accepted, because a repetition may come late.
  return end <= now + longestLiveLocationMs
    ? undefined
    : missing('/location/liveUntil', 'must be at most 8 hours ahead');
}

export function missing(pointer: string, detail: string): Missing {
  return refuse(referenceNotFound, {
    detail: `${pointer.slice(1)} ${detail}.`,
    errors: [{ pointer, code: 'custom', detail }],
  });
}
