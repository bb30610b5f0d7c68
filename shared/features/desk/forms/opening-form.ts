import type { SupportFields } from '../../../contract/conversations/support-start.ts';
import { templateNotFound } from '../../../contract/templates/problems.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Principal } from '../../../core/tenancy/principal.ts';
import { readConversation } from '../../log/conversation-store.ts';
import type { SupportTexts } from '../../log/support-texts.ts';
import type { Template } from '../../templates/template.ts';
import { renderText } from '../../templates/template-rules.ts';
import { visibleTemplate } from '../../templates/visible-template.ts';
import { postAsService } from '../post-as-service.ts';
import { formContent, valuesOf } from './form-rules.ts';

type Opening = Pick<SupportFields, 'templateId' | 'subject' | 'description' | 'metadata' | 'incidentId'>;

/** Unicode code points. */
const longestDescription = 2000;

export async function openingTemplate(
  principal: Principal,
  templateId: string,
): Promise<Template | Refusal<typeof templateNotFound>> {
  const template = await visibleTemplate(principal, templateId);
  if (template !== undefined && template.deletedAt === undefined) return template;
  const detail = 'must be the id of a template';
  return refuse(templateNotFound, { errors: [{ pointer: '/templateId', code: 'custom', detail }] });
}

/** A template fills in the texts that the request leaves out. */
export function textsOf(opening: Opening, template: Template | undefined): Omit<SupportTexts, 'metadata'> {
  const { subject = template?.content.name, description } = opening;
  if (description !== undefined || template === undefined) return { subject, description };
  const { text } = renderText(template, valuesOfOpening(opening));
  return { subject, description: [...text].slice(0, longestDescription).join('') };
}

/**
 * Sends the form of the template with which a conversation was opened, as the service. The conversation's id identifies
 * the message, so a repeated request sends none. Does nothing if the conversation was opened otherwise.
 */
export async function sendOpeningForm(principal: Principal, conversationId: string, opening: Opening): Promise<void> {
  const log = { scope: principal.scope, conversationId };
  const item = await readConversation(log.scope, conversationId);
  if (item?.kind !== 'support' || item.templateId === undefined || item.templateId !== opening.templateId) return;
  const template = await visibleTemplate(principal, item.templateId);
  if (template?.kind !== 'form') return;
  const content = formContent(template, valuesOfOpening(opening));
  await postAsService(log, { content, clientMessageId: conversationId });
}

function valuesOfOpening({ metadata, incidentId, subject }: Opening) {
  return valuesOf(metadata, {
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(subject === undefined ? {} : { subject }),
  });
}
