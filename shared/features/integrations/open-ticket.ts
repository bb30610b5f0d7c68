import { notASupportConversation } from '../../contract/desk/problems.ts';
import {
  integrationNotFound,
  systemUnavailable,
  ticketExists,
  ticketInUse,
  ticketNotFound,
} from '../../contract/integrations/problems.ts';
import type { openTicket as openTicketRoute } from '../../contract/integrations/tickets.ts';
import { conversationNotFound } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import { loadToRead } from '../log/load-conversation.ts';
import type { IntegrationItem } from './integration-item.ts';
import { readIntegration } from './integration-store.ts';
import { newLink, viewOf, withTicket } from './link-rules.ts';
import { addDue, addReference, conversationOfTicket, createLink, putNewLink, readLink } from './link-store.ts';
import { connect } from './connect.ts';
import { explanationOf } from './systems/finding-rules.ts';
import type { TicketLink } from './ticket-link.ts';

/** Repeating it changes nothing. Another ticket for the same conversation is rejected. */
export const openTicket: UseCase<typeof openTicketRoute> = async (principal, input) => {
  const { scope } = principal;
  const { conversationId, integrationId, externalId } = input;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined || !conversation.access.audiences.includes('agents')) {
    const isOwn = conversation !== undefined && conversation.item.kind !== 'support';
    return refuse(isOwn ? notASupportConversation : conversationNotFound);
  }
  const { item } = conversation;
  if (item.kind !== 'support') return refuse(notASupportConversation);
  if (item.support.wipedAt !== undefined) return refuse(conversationNotFound);
  const integration = await readIntegration(scope, integrationId);
  if (integration === undefined) {
    const errors = [{ pointer: '/integrationId', code: 'custom', detail: 'must be the id of an integration' }];
    return refuse(integrationNotFound, { errors });
  }
  const existing = await readLink(scope, conversationId);
  if (existing !== undefined && existing.state !== 'ended') return repeated(existing, input);
  const link = newLink({ conversationId, integrationId, wantedSeq: item.revision }, now());
  if (externalId !== undefined) return linkExisting(principal, integration, link, externalId);
  if (await createLink(scope, link)) return viewOf(link);
  const winner = await readLink(scope, conversationId);
  return winner === undefined ? refuse(ticketExists) : repeated(winner, input);
};

function repeated(link: TicketLink, { integrationId, externalId }: InputOf<typeof openTicketRoute>) {
  const isSame = externalId === undefined || externalId === link.externalId || externalId === link.externalKey;
  return link.integrationId === integrationId && isSame && link.state !== 'ended' ? viewOf(link) : refuse(ticketExists);
}

async function linkExisting({ scope }: Principal, integration: IntegrationItem, link: TicketLink, externalId: string) {
  const system = await connect(scope, integration);
  const read = await system.read(externalId);
  if (read.kind !== 'done') {
    const isMissing = read.kind === 'rejected' && read.reason === 'not-found';
    const errors = [{ pointer: '/externalId', code: 'custom', detail: 'must be the number or id of a ticket' }];
    return isMissing
      ? refuse(ticketNotFound, { errors })
      : refuse(systemUnavailable, { detail: explanationOf(read.reason) });
  }
  const { integrationId, conversationId } = link;
  const linked = withTicket(link, read.value, now());
  const work = addDue(putNewLink(unitOfWork(scope), linked), linked);
  addReference(work, linked, read.value.id);
  const outcome = await work.commit();
  if (outcome.committed) return viewOf(linked);
  const other = await conversationOfTicket(scope, integrationId, read.value.id);
  return other !== undefined && other !== conversationId ? refuse(ticketInUse) : refuse(ticketExists);
}
