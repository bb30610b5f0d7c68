import type { conversationWipedEvent, guestEndedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { destroyGuestKey } from '../guests/guest-store.ts';
import { eraseConversation } from './erase-conversation.ts';

type Erasure = ConsumedEvent<typeof conversationWipedEvent | typeof guestEndedEvent>;

/** Erases what a customer wiped, and what remains of a guest who became a user. */
export async function erase(event: Erasure): Promise<void> {
  await (event.type === 'guest.ended' ? destroyGuestKey(event.scope, event.data) : eraseConversation(event));
}
