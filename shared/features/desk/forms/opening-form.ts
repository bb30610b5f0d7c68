import type { SupportFields } from '../../../contract/conversations/support-start.ts';
import { systemUserId } from '../../../contract/schemas/ids.ts';
import { templateNotFound } from '../../../contract/templates/problems.ts';
import { type Refusal, refuse } from '../../../core/refusal.ts';
import type { Principal } from '../../../core/tenancy/principal.ts';
import { appendToLog, type PreconditionResult } from '../../log/append-to-log.ts';
import { readConversation } from '../../log/conversation-store.ts';
import { messageKind } from '../../log/entry-kinds.ts';
import { ownerOf } from '../../log/log-owner.ts';
import { readTail } from '../../log/log-store.ts';
import type { SupportTexts } from '../../log/support-texts.ts';
import type { Template } from '../../templates/template.ts';
import { renderText } from '../../templates/template-rules.ts';
import { visibleTemplate } from '../../templates/visible-template.ts';
import { announceDeskEntry } from '../announce-desk-entry.ts';
import { formContent, valuesOf } from './form-rules.ts';
import { deskCommand } from '../desk-command.ts';

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
  const [owner, { tail }] = await Promise.all([ownerOf({ ...log, item }), readTail(log, { consistent: true })]);
  if (owner.isErased === true) return;
  const content = formContent(template, valuesOfOpening(opening));
  const { outcome } = await appendToLog<'closed'>(owner, tail, {
    command: deskCommand(
      owner,
      { kind: messageKind, senderId: systemUserId, clientMessageId: conversationId },
      content,
    ),
    content,
    origin: undefined,
    precondition: async (state): Promise<PreconditionResult<'closed'>> => {
      const current = await readConversation(log.scope, conversationId);
      if (current?.kind !== 'support' || current.revision !== state.revision) return { kind: 'retry' };
      return current.support.status === 'closed' ? { kind: 'stopped', reason: 'closed' } : { kind: 'granted' };
    },
  });
  if (outcome.kind === 'written') await announceDeskEntry({ owner, item, entry: outcome.entry });
}

function valuesOfOpening({ metadata, incidentId, subject }: Opening) {
  return valuesOf(metadata, {
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(subject === undefined ? {} : { subject }),
  });
}
