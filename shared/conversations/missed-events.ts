import type { EventEnvelope } from '../contract/socket/pushes.ts';
import { tenantKeys } from '../encryption/data-keys.ts';
import type { Principal } from '../tenancy/principal.ts';
import { firstVisible } from './conversation-item.ts';
import { eventsOf } from './entry-events.ts';
import { readableConversation } from './open-conversation.ts';

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
    const conversation = await readableConversation(scope, conversationId, userId);
    if (conversation === undefined) continue;
    const { store, item, member } = conversation;
    const from = firstVisible(item, member);
    for (let after = Math.max(position, from - 1); ;) {
      const entries = await store.readForward(after, pageSize);
      yield* await eventsOf({ keys, scope, conversationId }, store, entries, from);
      const last = entries.at(-1);
      if (last === undefined || entries.length < pageSize) break;
      after = last.seq;
    }
  }
}
