import { referenceNotFound } from '../../contract/problems.ts';
import type { NewMessage } from '../../contract/schemas/message.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { longestLiveLocationMs } from '../../contract/schemas/message.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ConversationItem, firstVisible, memberOf } from '../log/conversation-item.ts';
import { currentItem, type OpenConversation } from '../log/open-conversation.ts';

type Missing = Refusal<typeof referenceNotFound>;

/**
 * Refuses a message that refers to what is not there: an answered message, people who are mentioned. Most messages refer
 * to nothing, and cost nothing here.
 * @param pointer - `/body` or `/data`.
 */
export async function missingReference(
  scope: TenantScope,
  conversation: OpenConversation,
  newMessage: Pick<NewMessage, 'replyTo' | 'mentions'>,
  pointer: string,
): Promise<Missing | undefined> {
  const { item, member, store } = conversation;
  const strangerIn = (known: ConversationItem) =>
    (newMessage.mentions ?? []).findIndex((userId) => memberOf(known, userId) === undefined);
  if (strangerIn(item) !== -1) {
    // Somebody may just have come: what is remembered refuses nobody.
    const stranger = strangerIn((await currentItem(scope, conversation.id)) ?? item);
    if (stranger !== -1) return missing(`${pointer}/mentions/${stranger}`, 'must take part in the conversation');
  }
  if (newMessage.replyTo === undefined) return undefined;
  const known = conversation.tail.entries.find((entry) => entry.seq === newMessage.replyTo);
  const answered = known ?? (await store.readEntry(newMessage.replyTo));
  return answered?.kind.isMessage === true && answered.seq >= firstVisible(item, member)
    ? undefined
    : missing(`${pointer}/replyTo`, 'must be the number of a message of the conversation');
}

/** Refuses a live location that ends too late, or has ended. */
export function impossibleLocation(
  location: NewMessage['location'],
  now: number,
  pointer: string,
): Missing | undefined {
  if (location?.liveUntil === undefined) return undefined;
  const end = Date.parse(location.liveUntil);
  // A message may be repeated long after it was written, so an end in the past is none of ours to judge.
  return end <= now + longestLiveLocationMs
    ? undefined
    : missing(`${pointer}/location/liveUntil`, 'must be at most 8 hours ahead');
}

export function missing(pointer: string, detail: string): Missing {
  return refuse(referenceNotFound, { detail: `${pointer} ${detail}.`, errors: [{ pointer, code: 'custom', detail }] });
}
