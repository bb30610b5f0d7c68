import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { isRefusal } from '../../core/refusal.ts';
import { systemUserId } from '../../contract/schemas/ids.ts';
import { derivedId } from '../../core/runtime/ids.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { alertAndAssign } from '../desk/alert-and-assign.ts';
import { createSupport } from '../desk/create-support.ts';
import { sendOpeningForm } from '../desk/forms/opening-form.ts';
import { postAsService } from '../desk/post-as-service.ts';
import { claimedTime } from '../log/client-message-id.ts';
import { isLost, openOpening, readStart, rememberConversation } from './incident-store.ts';
import { inTurn } from './in-turn.ts';
import type { Opening } from './routing-rules.ts';
import { servicePrincipal } from './service-principal.ts';

/**
 * The conversation of a start. Creates it unless it exists: the id of the start identifies it, so simultaneous and
 * repeated calls create one. Each part has an id of its own, so a repetition completes what is missing.
 *
 * @returns undefined for a start that has expired, or is too old to be completed.
 */
export async function conversationOfStart(
  scope: TenantScope,
  keys: TenantKeys,
  startId: string,
): Promise<string | undefined> {
  const start = await readStart(scope, startId);
  if (start === undefined || isLost(start)) return undefined;
  if (start.conversationId !== undefined) return start.conversationId;
  return inTurn(`start ${startId}`, () => complete(scope, keys, startId));
}

async function complete(scope: TenantScope, keys: TenantKeys, startId: string): Promise<string | undefined> {
  const start = await readStart(scope, startId);
  if (start === undefined || start.conversationId !== undefined) return start?.conversationId;
  const opening = openOpening(keys, scope, start);
  const conversationId = await create(scope, startId, opening);
  const principal = servicePrincipal(scope);
  await sendOpeningForm(principal, conversationId, opening);
  await postAsService(
    { scope, conversationId },
    {
      content: { type: 'text', text: opening.message },
      clientMessageId: derivedId(claimedTime(startId), `first message of ${startId}`),
    },
  );
  await alertAndAssign(principal, conversationId);
  await rememberConversation(scope, startId, conversationId);
  return conversationId;
}

/** Leaves out a team, a template or a user that no longer exists: an incident must not be lost. */
async function create(scope: TenantScope, startId: string, opening: Opening): Promise<string> {
  const { subject, priority, tags, skills, teamId, templateId, onBehalfOf, incidentId, metadata } = opening;
  const created = await createSupport(
    servicePrincipal(scope),
    {
      clientConversationId: startId,
      customerId: onBehalfOf ?? systemUserId,
      ...{ subject, priority, incidentId, tags: [...tags], metadata: { ...metadata } },
      ...(skills === undefined ? {} : { skills: [...skills] }),
      ...(teamId === undefined ? {} : { teamId }),
      ...(templateId === undefined ? {} : { templateId }),
    },
    { isLimited: false },
  );
  if (!isRefusal(created)) return created.conversationId;
  const { teamId: _team, templateId: _template, onBehalfOf: _user, ...others } = opening;
  switch (created.refused.name) {
    case 'team-not-found':
      return create(scope, startId, { ...others, templateId, onBehalfOf });
    case 'template-not-found':
      return create(scope, startId, { ...others, teamId, onBehalfOf });
    case 'user-not-found':
      return create(scope, startId, { ...others, teamId, templateId });
    default:
      throw new Error(`The conversation of an incident was refused: ${created.refused.name}`);
  }
}
