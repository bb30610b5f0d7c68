import { propertyNotAllowed } from '../../contract/conversations/problems.ts';
import {
  type changeConversation as changeConversationRoute,
  customerChangeMembers,
  supportChangeMembers,
} from '../../contract/groups/change-conversation.ts';
import { conversationNotFound, forbidden } from '../../contract/problems.ts';
import { isRefusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { changeProperties } from '../desk/change-properties.ts';
import { isOtherKind } from '../desk/refusals.ts';
import { changeConversation as changeGroup } from '../groups/change-conversation.ts';
import { isParticipant } from '../log/conversation-item.ts';
import { loadToRead } from '../log/load-conversation.ts';

const groupMembers = ['name', 'history'] as const;

/** Changes a group or a support conversation. */
export const changeConversation: UseCase<typeof changeConversationRoute> = async (principal, input) => {
  const { conversationId, name, history, ...support } = input;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const { item } = conversation;
  if (item.kind !== 'support') {
    const surplus = pointersTo(input, Object.keys(supportChangeMembers));
    return item.kind === 'group' && surplus.length > 0
      ? refuse(propertyNotAllowed, { errors: notFor(surplus, 'groups') })
      : changeGroup(principal, { conversationId, name, history });
  }
  const surplus = pointersTo(input, groupMembers);
  if (surplus.length > 0) return refuse(propertyNotAllowed, { errors: notFor(surplus, 'support conversations') });
  if (!isParticipant(item, principal.userId)) {
    return answered(principal, conversationId, await changeProperties<never>(principal, conversationId, support));
  }
  const ofAgents = Object.keys(supportChangeMembers).filter((member) => !isForCustomers(member));
  const [forbiddenMember] = pointersTo(input, ofAgents);
  if (forbiddenMember !== undefined) {
    return refuse(forbidden, {
      detail: 'Customers change `subject` and `description` only.',
      errors: [{ pointer: forbiddenMember, code: 'not_allowed', detail: 'is only for agents' }],
    });
  }
  const actor = { scope: principal.scope, customer: principal };
  return answered(principal, conversationId, await changeProperties<never>(principal, conversationId, support, actor));
};

type Changed = Awaited<ReturnType<typeof changeProperties<never>>>;

function answered(principal: Principal, conversationId: string, changed: Changed) {
  if (isOtherKind(changed)) return refuse(conversationNotFound);
  return isRefusal(changed) ? changed : getConversation(principal, { conversationId });
}

function isForCustomers(member: string): boolean {
  return (customerChangeMembers as readonly string[]).includes(member);
}

function pointersTo(input: object, members: readonly string[]): readonly string[] {
  const sent = new Map<string, unknown>(Object.entries(input));
  return members.filter((member) => sent.get(member) !== undefined).map((member) => `/${member}`);
}

function notFor(pointers: readonly string[], kind: string) {
  return pointers.map((pointer) => ({ pointer, code: 'not_allowed', detail: `is not a member of ${kind}` }));
}
