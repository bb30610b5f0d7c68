import { systemUserId } from '../../contract/schemas/ids.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { changeSupport, type DeskContext } from '../desk/change-support.ts';
import { assignAutomatically, tryToAssign } from '../desk/assignment/try-to-assign.ts';
import { checkTeam, withExistingTeam } from '../desk/existing-team.ts';
import { throwIfBusy } from '../desk/refusals.ts';
import { close, reopen, resolve } from '../desk/support-rules.ts';
import { statusKind } from '../log/entry-kinds.ts';
import type { RemoteEvent } from './inbound-rules.ts';
import type { IntegrationItem } from './integration-item.ts';
import { withRemoteStatus } from './link-rules.ts';
import { changeLink } from './link-store.ts';
import type { TicketLink } from './ticket-link.ts';

type Effect = 'resolve' | 'close' | 'reopen';

const statusAfter = { resolve: 'resolved', close: 'closed', reopen: 'waiting' } as const;

/** Adopts a status of the ticket if it is new, and does to the conversation what the rules want. */
export async function applyRemoteStatus({
  scope,
  integration,
  link,
  event,
}: {
  readonly scope: TenantScope;
  readonly integration: IntegrationItem;
  readonly link: TicketLink;
  readonly event: Extract<RemoteEvent, { readonly type: 'status' }>;
}): Promise<string> {
  const { conversationId } = link;
  if (withRemoteStatus(link, event.status, event.at).kind === 'none') return 'known-status';
  const effect = integration.rules.statusIn?.[event.status];
  // Before the link, so that a repetition after a failure does it, too.
  if (effect !== undefined) await applyEffect(scope, conversationId, effect);
  const changed = await changeLink(scope, conversationId, (current) => {
    const change = withRemoteStatus(current, event.status, event.at);
    if (change.kind === 'none') return undefined;
    // The status came from the ticket, so it does not go back there.
    return effect === undefined ? change.link : { ...change.link, sentStatus: statusAfter[effect] };
  });
  return changed === undefined ? 'inactive' : 'applied';
}

async function applyEffect(scope: TenantScope, conversationId: string, effect: Effect): Promise<void> {
  let former: string | undefined;
  const decide = async ({ item: { support }, terms, now }: DeskContext) => {
    former = support.assigneeId;
    // Only people acknowledge an urgent conversation.
    const needsPerson = support.urgency !== undefined && support.urgency.acknowledgedAt === undefined;
    if (support.wipedAt !== undefined || (needsPerson && effect !== 'reopen')) return 'same' as const;
    switch (effect) {
      case 'resolve': {
        const next = resolve(support, systemUserId, terms, now);
        return next === undefined ? ('same' as const) : { support: next, system: { kind: 'resolved' } as const };
      }
      case 'close': {
        const next = close(support, undefined, terms, now);
        return next === undefined ? ('same' as const) : { support: next, system: { kind: 'closed' } as const };
      }
      case 'reopen': {
        const next = reopen(await withExistingTeam(scope, support), terms, now);
        if (next === undefined) return 'same' as const;
        return { support: next, system: { kind: 'reopened' } as const, extraWrites: checkingTeam(next, now) };
      }
    }
  };
  const changed = await changeSupport<never>({ scope, service: true }, conversationId, statusKind, decide);
  throwIfBusy(changed);
  if (isRefusal(changed) || effect !== 'reopen') return;
  const { assigneeId } = changed.item.support;
  if (assigneeId === undefined && former !== undefined) await assignAutomatically(scope, conversationId, former);
  await tryToAssign(scope, conversationId);
}

function checkingTeam(next: Parameters<typeof checkTeam>[1], now: number) {
  return (work: Parameters<typeof checkTeam>[0]) => checkTeam(work, next, now);
}
