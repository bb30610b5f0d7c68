import type { EventEnvelope } from '../contract/socket/pushes.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import type { Principal } from '../tenancy/principal.ts';
import { messageCreatedFrame, messageOf } from './message-view.ts';
import { openConversation } from './open-conversation.ts';

const pageSize = 100;

/**
 * Every lasting event after the given positions, in order within each conversation. Conversations that are not the
 * caller's are left out, like those that do not exist.
 */
export async function* missedEvents(
  principal: Principal,
  positions: Readonly<Record<string, number>>,
): AsyncGenerator<EventEnvelope> {
  const { scope, userId } = principal;
  if (Object.keys(positions).length === 0) return;
  const keys = await tenantKeys(scope);
  for (const [conversationId, position] of Object.entries(positions)) {
    const conversation = await openConversation(scope, conversationId, userId);
    if (conversation === undefined) continue;
    for (let after = position; ;) {
      const entries = await conversation.store.readForward(after, pageSize);
      for (const entry of entries) yield messageCreatedFrame(messageOf(keys, scope, conversationId, entry));
      const last = entries.at(-1);
      if (last === undefined || entries.length < pageSize) break;
      after = last.seq;
    }
  }
}
