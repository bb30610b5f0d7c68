import type { Conversation } from '../../contract/schemas/conversation.ts';
import { conversationCreated } from '../../contract/events/server-events.ts';
import { connectionsOf } from '../../core/delivery/connections.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { log } from '../../core/runtime/logger.ts';
import type { Principal } from '../../core/tenancy/principal.ts';

/** Clients that miss the event find the conversation in their list. */
export async function announceConversation(
  principal: Principal,
  userIds: readonly string[],
  conversation: Conversation,
): Promise<void> {
  try {
    const connections = await connectionsOf(principal.scope, userIds);
    const position = { conversationId: conversation.id, at: conversation.createdAt };
    const frame = passingFrame(conversationCreated, position, conversation);
    await deliver(
      principal.scope,
      connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
    );
  } catch (error) {
    log('warn', 'conversation.not-announced', { conversationId: conversation.id }, error);
  }
}
