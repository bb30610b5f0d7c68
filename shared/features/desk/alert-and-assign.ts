import type { Principal } from '../../core/tenancy/principal.ts';
import { readConversation } from '../log/conversation-store.ts';
import { tryToAssign } from './assignment/try-to-assign.ts';
import { alertAvailable } from './urgency/alert.ts';

/** Alerts agents if a new conversation is urgent, and looks for an agent. */
export async function alertAndAssign({ scope }: Pick<Principal, 'scope'>, conversationId: string): Promise<void> {
  const item = await readConversation(scope, conversationId);
  if (item?.kind === 'support' && item.support.urgency !== undefined) await alertAvailable(scope, conversationId, item);
  await tryToAssign(scope, conversationId);
}
