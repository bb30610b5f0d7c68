import type { updateTicketsConsumer } from '../../contract/events/consumers.ts';
import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { readConversation } from '../log/conversation-store.ts';
import { applyRemoteChange } from './apply-remote-change.ts';
import { cachedIntegrations } from './integration-store.ts';
import { ended, newLink, noticed } from './link-rules.ts';
import { changeLink, createLink } from './link-store.ts';
import { syncTicket } from './sync-ticket.ts';
import { wantsTicket } from './trigger-rules.ts';

type TicketEvent = ConsumedEvent<(typeof updateTicketsConsumer)['events'][number]>;

/**
 * An event of a conversation only says that the log has grown: the turn that follows reads the log. So events may be
 * missing, late, repeated and in any order.
 */
export async function updateTickets(event: TicketEvent): Promise<void> {
  const { scope } = event;
  switch (event.type) {
    case 'ticket.due':
      await syncTicket(scope, event.data.conversationId);
      return;
    case 'ticket.change-received':
      await applyRemoteChange(scope, event.data);
      return;
    case 'conversation.wiped':
      await changeLink(scope, event.data.conversationId, (link) => (link.state === 'ended' ? undefined : ended(link)));
      return;
    default:
      await notice(scope, event.data.conversationId, event.data.seq);
  }
}

async function notice(scope: TenantScope, conversationId: string, seq: number): Promise<void> {
  const link = await changeLink(scope, conversationId, (current) => noticed(current, seq, now()));
  if (link !== undefined) return;
  const integrations = await cachedIntegrations(scope);
  if (integrations.every(({ rules }) => rules.createOn === 'by-hand')) return;
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support') return;
  const wanted = integrations.find((integration) => wantsTicket(integration, item.support));
  if (wanted === undefined) return;
  const { integrationId } = wanted;
  await createLink(scope, newLink({ conversationId, integrationId, wantedSeq: seq }, now()));
}
