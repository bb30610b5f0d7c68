import type { ConversationStart } from '../../contract/conversations/create-conversation.ts';
import { forbidden } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { createDirect } from '../conversations/create-direct.ts';
import { createGroup } from '../groups/create-group.ts';
import { startSupport } from './start-support.ts';

/** Guests start support conversations only. */
export async function createConversation(principal: Principal, start: ConversationStart) {
  if (start.kind === 'support') {
    const { kind: _, ...fields } = start;
    return startSupport(principal, fields);
  }
  if (principal.role === 'guest')
    return refuse(forbidden, { detail: 'Guests start conversations of the kind support.' });
  return start.kind === 'direct' ? createDirect(principal, start) : createGroup(principal, start);
}
