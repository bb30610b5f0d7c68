import type { messageCreatedEvent } from '../../contract/events/events.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { accessTo, isVisible } from '../log/access.ts';
import { readConversation } from '../log/conversation-store.ts';
import { readEntry } from '../log/log-store.ts';
import { notify } from './notify.ts';
import { recipientsOf } from './recipients-rules.ts';

/** Skips a message that was deleted meanwhile, and users who have lost access to it. */
export async function notifyOfMention({ scope, at, data }: ConsumedEvent<typeof messageCreatedEvent>): Promise<void> {
  const { conversationId, seq, senderId, mentionedIds = [] } = data;
  const [item, entry] = await settleAll([
    readConversation(scope, conversationId),
    readEntry({ scope, conversationId }, seq),
  ]);
  if (item === undefined || entry === undefined || entry.changes.deletion !== undefined) return;
  const recipients = recipientsOf({ type: 'message', senderId, mentionedIds }).filter(({ userId }) => {
    const access = accessTo(item, { userId });
    return access !== undefined && isVisible(entry, access);
  });
  await notify(
    scope,
    recipients.map((recipient) => ({ ...recipient, conversationId, seq, actorId: senderId, at: Date.parse(at) })),
  );
}
