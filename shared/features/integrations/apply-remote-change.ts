import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { addRemoteComment } from './add-remote-comment.ts';
import { applyRemoteStatus } from './apply-remote-status.ts';
import { readChange, type RemoteChange } from './inbound-rules.ts';
import type { IntegrationItem } from './integration-item.ts';
import { readIntegration } from './integration-store.ts';
import { blowing, counted } from './link-rules.ts';
import { changeLink, conversationOfTicket, readLink } from './link-store.ts';
import { type DeliveryAddress, hold, readReceived, recordOutcome } from './received-change.ts';
import { showTicket } from './show-ticket.ts';
import { jsonOf } from './systems/answer-rules.ts';
import type { TicketLink } from './ticket-link.ts';

const holdMs = 15_000;
/** The other system's search shows a new ticket within this time. */
const mostHolds = 8;

/** Takes over what another system announced. A repetition changes nothing. */
export async function applyRemoteChange(scope: TenantScope, address: DeliveryAddress): Promise<void> {
  const received = await readReceived(scope, address);
  const integration = await readIntegration(scope, address.integrationId);
  if (received === undefined || integration === undefined) return;
  const change = readChange(integration.system.kind, jsonOf(received.body), received.receivedAt);
  const found = change === undefined ? 'unreadable' : await linkOf(scope, integration, change);
  if (found === 'pending' && received.holds < mostHolds) {
    await hold(scope, address, received, now() + holdMs);
    return;
  }
  const parts = { scope, integration, receivedAt: received.receivedAt };
  const outcome = typeof found === 'string' ? found : await apply({ ...parts, ...found });
  log('info', 'ticket-change.applied', { tenantId: scope.tenantId, operation: outcome });
  await recordOutcome(scope, address, outcome);
}

/**
 * The message about a new ticket may arrive before the answer to its creation. Then the ticket's mark names the
 * conversation.
 */
async function linkOf(
  scope: TenantScope,
  { integrationId }: IntegrationItem,
  change: RemoteChange,
): Promise<{ readonly link: TicketLink; readonly change: RemoteChange } | 'pending' | 'unlinked' | 'inactive'> {
  const { externalId, correlation } = change;
  const marked = /^sb-([0-9a-z]{26})$/.exec(correlation ?? '')?.[1]?.toUpperCase();
  const known = await conversationOfTicket(scope, integrationId, externalId);
  const conversationId = known ?? marked;
  const link = conversationId === undefined ? undefined : await readLink(scope, conversationId);
  if (link?.integrationId !== integrationId) return 'unlinked';
  if (known === undefined) return link.state === 'pending' ? 'pending' : 'unlinked';
  return link.state === 'linked' ? { link, change } : 'inactive';
}

async function apply(parts: {
  readonly scope: TenantScope;
  readonly integration: IntegrationItem;
  readonly link: TicketLink;
  readonly change: RemoteChange;
  readonly receivedAt: number;
}): Promise<string> {
  const { scope, change, link } = parts;
  const outcomes: string[] = [];
  for (const event of change.events) {
    const outcome =
      event.type === 'comment'
        ? await addRemoteComment({ ...parts, event, account: change.account })
        : await applyRemoteStatus({ ...parts, event });
    outcomes.push(outcome);
  }
  if (outcomes.includes('applied')) await count(scope, link.conversationId);
  return outcomes.join(' ') || 'ignored';
}

async function count(scope: TenantScope, conversationId: string): Promise<void> {
  const link = await changeLink(scope, conversationId, (current) => {
    return blowing({ ...current, fuse: counted(current.fuse, now()) });
  });
  if (link !== undefined) await showTicket({ scope, link });
}
