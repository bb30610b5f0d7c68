import type { Conversation } from '../../contract/schemas/conversation.ts';
import type { SupportStateView } from '../../contract/schemas/support.ts';
import type { SupportConversation } from '../log/conversation-item.ts';
import type { LogOwner } from '../log/log-content.ts';
import type { Audience } from '../log/log-entry.ts';
import { supportStateOf } from '../log/support-state-view.ts';
import { supportFor } from '../log/support-view-rules.ts';
import { openTexts, type SupportTexts } from '../log/support-texts.ts';

type SupportMembers = SupportStateView & SupportTexts & Pick<Conversation, 'customerId' | 'incidentId' | 'templateId'>;

/** The members that only support conversations have. */
export function supportOf(
  owner: LogOwner,
  { support, sealed, incidentId, templateId }: SupportConversation,
  audiences: readonly Audience[],
): SupportMembers {
  return {
    ...supportFor(supportStateOf(support), audiences),
    customerId: support.customerId,
    ...(owner.isErased === true ? {} : openTexts(owner, sealed)),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(templateId === undefined ? {} : { templateId }),
  };
}
