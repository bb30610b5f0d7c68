import { isRefusal } from '../../core/refusal.ts';
import { changeSupport } from '../desk/change-support.ts';
import { throwIfBusy } from '../desk/refusals.ts';
import { ticketKind } from '../log/entry-kinds.ts';
import { viewOf } from './link-rules.ts';
import { changeLink } from './link-store.ts';
import type { TicketLink } from './ticket-link.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

interface Shown {
  readonly scope: TenantScope;
  readonly link: TicketLink;
  adopt?(link: TicketLink): void;
}

/** Shows the ticket in the conversation if it has changed since it was shown. */
export async function showTicket(subject: Shown): Promise<void> {
  const { scope, link } = subject;
  const ticket = viewOf(link);
  if (link.state === 'pending' || isSame(ticket, link.shown)) return;
  const { conversationId } = link;
  const changed = await changeSupport<never>({ scope, service: true }, conversationId, ticketKind, async ({ item }) => {
    if (item.support.wipedAt !== undefined || isSame(ticket, item.support.ticket)) return 'same';
    return { support: { ...item.support, ticket }, system: { kind: 'ticket', ticket } };
  });
  throwIfBusy(changed);
  if (isRefusal(changed)) return;
  const shown = await changeLink(scope, conversationId, (current) => ({ ...current, shown: ticket }));
  if (shown !== undefined) subject.adopt?.(shown);
}

function isSame(one: object, other: object | undefined): boolean {
  return other !== undefined && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The table does not keep the order of members. */
function sorted(value: object): readonly unknown[] {
  return Object.entries(value).sort(([first], [second]) => (first < second ? -1 : 1));
}
