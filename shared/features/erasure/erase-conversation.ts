import type { conversationWipedEvent } from '../../contract/events/events.ts';
import { conversationOwner, destroyOwnedKey } from '../../core/encryption/owned-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { readAgents } from '../agents/agent-store.ts';
import { eraseAttachments } from '../attachments/erase-attachments.ts';
import { membershipsOf } from '../conversations/list-conversations.ts';
import { removeDraft } from '../drafts/draft-store.ts';
import { eraseGuestProfile, readGuest } from '../guests/guest-store.ts';
import { type ConversationItem, participantIdsOf, type SupportConversation } from '../log/conversation-item.ts';
import { readConversation, readConversations } from '../log/conversation-store.ts';
import { forgetAddress } from '../mail/suppression-store.ts';
import { eraseAnswerItem } from '../notification-mails/answer-item.ts';
import { eraseNotifications } from '../notifications/erase-notifications.ts';
import { eraseIndex } from '../search/search-index.ts';

const usersAtOnce = 10;

/**
 * Deletes everything about a wiped conversation that its key does not protect, and the profile of a guest without other
 * conversations.
 */
export async function eraseConversation({
  scope,
  data: { conversationId },
}: ConsumedEvent<typeof conversationWipedEvent>): Promise<void> {
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || item.support.wipedAt === undefined) {
    throw new Error('The conversation of the event is not wiped');
  }
  // The function that wiped the conversation may have failed before it destroyed the key.
  await destroyOwnedKey(scope, conversationOwner(conversationId));
  await settleAll([
    eraseAttachments(scope, conversationId),
    eraseIndex(scope, conversationId),
    eraseAnswerItem(scope, conversationId),
    eraseOfUsers(scope, conversationId, item),
  ]);
  const { customerId, wipedAt } = item.support;
  if (await hasOnlyWiped(scope, customerId)) {
    await forgetAddressOf(scope, customerId);
    await eraseGuestProfile(scope, customerId, wipedAt);
  }
}

/** The list of suppressed addresses keeps only the hash of an address that bounced. */
async function forgetAddressOf(scope: TenantScope, guestId: string): Promise<void> {
  const guest = await readGuest({ scope }, guestId);
  if (guest?.email !== undefined) await forgetAddress(scope, guest.email);
}

/** Deletes the drafts and notifications of everyone who had access. */
async function eraseOfUsers(scope: TenantScope, conversationId: string, item: SupportConversation): Promise<void> {
  const agents = await readAgents(scope);
  const userIds = new Set([...participantIdsOf(item), ...agents.map(({ userId }) => userId)]);
  const erased = mapConcurrent(userIds, usersAtOnce, async (userId) => {
    await removeDraft({ scope, userId, conversationId }, undefined);
    await eraseNotifications(scope, userId, { conversationId, createdAt: item.createdAt }, now());
  });
  for await (const _ of erased);
}

async function hasOnlyWiped(scope: TenantScope, userId: string): Promise<boolean> {
  const ids = (await membershipsOf({ scope, userId })).map(({ conversationId }) => conversationId);
  const items = await readConversations(scope, ids, { consistent: true });
  return [...items.values()].every(isWiped);
}

function isWiped(item: ConversationItem): boolean {
  return item.kind === 'support' && item.support.wipedAt !== undefined;
}
