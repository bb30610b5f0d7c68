import type { bulkConversations } from '../../contract/desk/bulk.ts';
import { validationFailed } from '../../contract/problems.ts';
import { mostTags, priorities, type Priority } from '../../contract/schemas/support.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { assignConversation } from '../desk/assign-conversation.ts';
import { changeProperties } from '../desk/change-properties.ts';
import { closeConversation, reopenConversation, resolveConversation } from '../desk/change-status.ts';
import type { PropertyChange } from '../desk/property-rules.ts';
import { wipeSupport } from '../desk/wipe-conversation.ts';

type Request = InputOf<typeof bulkConversations>;
export type ChangeRequest = Omit<Request, 'conversationIds' | 'action'> & {
  readonly action: Exclude<Request['action'], 'export'>;
};

const transitions = { resolved: resolveConversation, closed: closeConversation, reopened: reopenConversation } as const;

/** Does an action to one conversation. The result is a refusal, or says that the conversation is as wanted. */
export function changeOne(principal: Principal, conversationId: string, request: ChangeRequest): Promise<unknown> {
  const { agentId = 'auto', force, status = 'closed', priority, addTags = [], removeTags = [] } = request;
  switch (request.action) {
    case 'assign':
      // A repetition, or another choice, takes the conversation from its agent.
      return assignConversation(principal, { conversationId, agentId, force, takeOver: agentId !== 'auto' });
    case 'status':
      return transitions[status](principal, { conversationId });
    case 'priority':
      return changeProperties(principal, conversationId, { priority });
    case 'tag':
      return changeProperties(principal, conversationId, ({ tags }) => withTags(tags, addTags, removeTags));
    case 'archive':
      return changeProperties(principal, conversationId, { archived: request.archived ?? true });
    case 'escalate':
      return changeProperties(principal, conversationId, ({ priority: current }) => ({
        priority: atLeast(current, 'high'),
      }));
    case 'markUrgent':
      return changeProperties(principal, conversationId, { priority: 'urgent' });
    case 'delete':
      return wipeSupport(principal, conversationId);
  }
}

/** Each tag is a further list in which a transaction moves the conversation, so there must be few. */
function withTags(
  tags: readonly string[],
  added: readonly string[],
  removed: readonly string[],
): PropertyChange | Refusal<typeof validationFailed> {
  const next = [...new Set([...tags, ...added])].filter((tag) => !removed.includes(tag));
  if (next.length <= mostTags) return { tags: next };
  return refuse(validationFailed, {
    detail: `A conversation has at most ${mostTags} tags, and would have ${next.length}. Remove some of them.`,
  });
}

function atLeast(current: Priority, least: Priority): Priority {
  return priorities.indexOf(current) < priorities.indexOf(least) ? least : current;
}
