import type { wipeConversation as wipeRoute } from '../../contract/desk/wipe.ts';
import { notASupportConversation } from '../../contract/desk/problems.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import { conversationWipedEvent } from '../../contract/events/events.ts';
import { conversationOwner, destroyOwnedKey } from '../../core/encryption/owned-keys.ts';
import { isRefusal, refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { isParticipant } from '../log/conversation-item.ts';
import { statusKind } from '../log/entry-kinds.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { type ChangedSupport, changeSupport, type DeskActor, type DeskRefusal } from './change-support.ts';
import { wipe } from './support-rules.ts';

/**
 * Customers wipe their conversations here, and admins with the bulk action `delete`. After the entry, no reader decrypts
 * content. Then the key is destroyed. The event's consumer repeats this, and deletes everything that the key does not
 * protect.
 */
export const wipeConversation: UseCase<typeof wipeRoute> = async (principal, { conversationId }) => {
  const { scope, userId } = principal;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  if (conversation.item.kind !== 'support') return refuse(notASupportConversation);
  if (!isParticipant(conversation.item, userId)) return refuse(conversationNotFound);
  const changed = await wipeSupport({ scope, customer: principal }, conversationId);
  return isRefusal(changed) ? changed : undefined;
};

/** Closes the conversation for good, and destroys the key of its content. */
export async function wipeSupport(actor: DeskActor, conversationId: string): Promise<ChangedSupport | DeskRefusal> {
  const changed = await changeSupport<never>(
    actor,
    conversationId,
    statusKind,
    async ({ item: { support }, terms, now }) =>
      support.wipedAt === undefined
        ? {
            support: wipe(support, terms, now),
            system: { kind: 'wiped' },
            texts: {},
            extraWrites: (work) => void work.emit(conversationWipedEvent, { conversationId }),
          }
        : 'same',
  );
  if (!isRefusal(changed)) await destroyOwnedKey(actor.scope, conversationOwner(conversationId));
  return changed;
}
