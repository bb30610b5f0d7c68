import { snapshotRequired } from '../../contract/events/server-events.ts';
import { isRefusal } from '../../core/refusal.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { listMessages } from '../messages/list-messages.ts';
import { newestThatFit, fittingConversation } from './page-rules.ts';
import type { CatchUpStep } from './step.ts';

const mostMessages = 100;

/** Returns the current conversation with its newest messages. Empty if the user no longer has access. */
export async function snapshotOf(principal: Principal, conversationId: string): Promise<readonly CatchUpStep[]> {
  const [found, page] = await settleAll([
    getConversation(principal, { conversationId }),
    listMessages(principal, { conversationId, limit: mostMessages }),
  ]);
  if (isRefusal(found) || isRefusal(page)) return [];
  const conversation = fittingConversation(found);
  const data = { conversation, ...newestThatFit(page, conversation) };
  const position = { conversationId, at: toTimestamp(now()) };
  return [{ event: passingFrame(snapshotRequired, position, data), position: data.covers.through }];
}
