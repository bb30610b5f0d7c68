import type { SupportStart, SupportStartProblem } from '../../contract/conversations/support-start.ts';
import type { ProblemDefinition } from '../../contract/kit/define-problem.ts';
import { forbidden } from '../../contract/problems.ts';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { createSupport } from '../desk/create-support.ts';
import { openConversationOf } from '../desk/open-conversation.ts';
import { alertAndAssign } from '../desk/alert-and-assign.ts';
import { sendOpeningForm } from '../desk/forms/opening-form.ts';
import { sendMessage } from '../messages/send-message.ts';

export type StartOutcome =
  { readonly created: boolean; readonly conversation: Conversation } | Refusal<SupportStartProblem>;

/**
 * Starts a support conversation, or returns the one that a guest has open. If the request has a message, sends it. A
 * repeated request sends it once.
 */
export async function startSupport(principal: Principal, start: SupportStart): Promise<StartOutcome> {
  const { message, customerId, ...fields } = start;
  const isForOther = customerId !== undefined && customerId !== principal.userId;
  if (isForOther && !allows(principal.role, 'desk:work')) {
    return refuse(forbidden, { detail: 'Only agents open conversations for other people. Omit `customerId`.' });
  }
  const open = principal.role === 'guest' ? await openConversationOf(principal) : undefined;
  const started =
    open === undefined
      ? await createSupport(principal, { ...fields, customerId: customerId ?? principal.userId })
      : { created: false, conversationId: open };
  if (isRefusal(started)) return started;
  const { conversationId, created } = started;
  // Agents may open a conversation for a team of other agents, and lose access as soon as it exists.
  const starter = isForOther ? { ...principal, role: 'admin' as const } : principal;
  if (fields.templateId !== undefined) await sendOpeningForm(principal, conversationId, fields);
  if (message !== undefined) {
    const sent = await sendMessage(starter, { ...message, conversationId });
    if (isRefusal(sent)) return ofMessage(sent);
  }
  if (created) await alertAndAssign(principal, conversationId);
  const conversation = await getConversation(starter, { conversationId });
  return isRefusal(conversation) ? conversation : { created, conversation };
}

/** The refusal of a message points into the member `message`. */
function ofMessage<Problem extends ProblemDefinition>(refusal: Refusal<Problem>): Refusal<Problem> {
  if (refusal.errors === undefined) return refusal;
  return { ...refusal, errors: refusal.errors.map((error) => ({ ...error, pointer: `/message${error.pointer}` })) };
}
