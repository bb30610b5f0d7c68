import { isRefusal } from '../../core/refusal.ts';
import { derivedId } from '../../core/runtime/ids.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { writeSupport, announceChange } from '../desk/change-support.ts';
import { throwIfBusy } from '../desk/refusals.ts';
import { ticketCommentKind, ticketKind } from '../log/entry-kinds.ts';
import type { RemoteEvent } from './inbound-rules.ts';
import type { IntegrationItem } from './integration-item.ts';
import { rememberComment } from './link-store.ts';
import type { TicketLink } from './ticket-link.ts';
import { endsWithMarker } from './timeline-rules.ts';

interface RemoteComment {
  readonly scope: TenantScope;
  readonly integration: IntegrationItem;
  readonly link: TicketLink;
  readonly event: Extract<RemoteEvent, { readonly type: 'comment' }>;
  readonly account: string | undefined;
  readonly receivedAt: number;
}

/** Adds a comment of the ticket to the conversation once, unless the service itself wrote it. */
export async function addRemoteComment(comment: RemoteComment): Promise<string> {
  const { scope, link, event, account, receivedAt } = comment;
  const { integrationId, conversationId, correlation } = link;
  const kind = audienceOf(comment);
  if (kind === undefined) return 'not-wanted';
  // The message may be here before the answer to the request that wrote the comment.
  if (endsWithMarker(event.text, correlation)) return 'own';
  if (account !== undefined && account === link.account) return 'own';
  const known = await rememberComment(scope, integrationId, event.commentId, { origin: 'remote', at: receivedAt });
  if (known.origin === 'switchboard') return 'own';
  // The same for a repeated message and for another one about the same comment.
  const clientMessageId = derivedId(known.at, `${integrationId} ${event.commentId}`);
  const { text, author } = event;
  const written = await writeSupport<never>(
    { scope, service: true },
    conversationId,
    kind,
    async ({ item: { support } }) => {
      if (support.wipedAt !== undefined) return 'same';
      return { support, system: { kind: 'ticket-comment', text, author } };
    },
    clientMessageId,
  );
  throwIfBusy(written);
  if (isRefusal(written)) return 'no-conversation';
  await announceChange(written);
  return written.entry === undefined ? 'duplicate' : 'applied';
}

/** An internal comment never reaches the customer, whatever the rules say. */
function audienceOf({ integration: { rules }, event }: RemoteComment) {
  if (event.isInternal) return rules.internalComments === 'agents' ? ticketKind : undefined;
  if (rules.publicComments === 'never') return undefined;
  return rules.publicComments === 'everyone' ? ticketCommentKind : ticketKind;
}
