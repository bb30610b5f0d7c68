import { integrationNotFound, ticketNotFound } from '../../contract/integrations/problems.ts';
import type {
  listTickets as listRoute,
  replayTicket as replayRoute,
  replayTickets as replayAllRoute,
} from '../../contract/integrations/tickets.ts';
import { invalidCursor } from '../../contract/problems.ts';
import { type TicketState, ticketState } from '../../contract/schemas/ticket.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { decodeCursor, encodeCursor } from '../../core/table/cursor.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase, ValueOf } from '../../core/use-case.ts';
import { openGate, readIntegration } from './integration-store.ts';
import { resumed, viewOf } from './link-rules.ts';
import { addDue, openDetail, putLink, readLink, readLinksIn } from './link-store.ts';
import type { TicketLink } from './ticket-link.ts';

const states: readonly TicketState[] = ['failed', 'paused', 'pending', 'linked', 'ended'];

export const listTickets: UseCase<typeof listRoute> = async ({ scope }, { integrationId, state, limit, cursor }) => {
  if ((await readIntegration(scope, integrationId)) === undefined) return refuse(integrationNotFound);
  const list = `tickets ${integrationId} ${state ?? 'all'}`;
  const start = cursor === undefined ? { state: state ?? states[0] } : decodeCursor(list, cursor);
  const from = ticketState.safeParse(start?.['state']);
  if (start === undefined || !from.success) return refuse(invalidCursor);
  const wanted = state === undefined ? states.slice(states.indexOf(from.data)) : [state];
  const found: TicketLink[] = [];
  let after = positionOf(start);
  for (const [index, each] of wanted.entries()) {
    const page = await readLinksIn(scope, { integrationId, state: each }, limit - found.length, after);
    found.push(...page.links);
    if (page.next !== undefined) return pageOf(scope, found, encodeCursor(list, { ...page.next, state: each }));
    const following = wanted[index + 1];
    if (found.length >= limit && following !== undefined) {
      return pageOf(scope, found, encodeCursor(list, { state: following }));
    }
    after = undefined;
  }
  return pageOf(scope, found, null);
};

/** Undefined at the beginning of a state. */
function positionOf(cursor: Readonly<Record<string, string | undefined>>): Record<string, string> | undefined {
  const { pk, sk, collectionSk } = cursor;
  return pk === undefined || sk === undefined || collectionSk === undefined ? undefined : { pk, sk, collectionSk };
}

async function pageOf(scope: TenantScope, links: readonly TicketLink[], nextCursor: string | null) {
  return { items: await Promise.all(links.map((link) => linkView(scope, link))), nextCursor };
}

async function linkView(scope: TenantScope, link: TicketLink): Promise<ValueOf<typeof replayRoute>> {
  const { conversationId, syncedSeq, failures, reason, wakeAt, behindSince, createdAt } = link;
  const detail = await openDetail(scope, link);
  return {
    conversationId,
    ticket: viewOf(link),
    sentSeq: syncedSeq,
    failures,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
    ...(wakeAt === undefined ? {} : { nextAttemptAt: toTimestamp(wakeAt) }),
    ...(behindSince === undefined ? {} : { unsentSince: toTimestamp(behindSince) }),
    createdAt: toTimestamp(createdAt),
  };
}

export const replayTicket: UseCase<typeof replayRoute> = async ({ scope }, { integrationId, conversationId }) => {
  if ((await readIntegration(scope, integrationId)) === undefined) return refuse(integrationNotFound);
  await openGate(scope, integrationId);
  const link = await resume(scope, integrationId, conversationId);
  return link === undefined ? refuse(ticketNotFound) : linkView(scope, link);
};

const mostAtOnce = 100;

export const replayTickets: UseCase<typeof replayAllRoute> = async ({ scope }, { integrationId }) => {
  if ((await readIntegration(scope, integrationId)) === undefined) return refuse(integrationNotFound);
  await openGate(scope, integrationId);
  const { links, next } = await readLinksIn(scope, { integrationId, state: 'failed' }, mostAtOnce);
  let count = 0;
  for (const { conversationId } of links) {
    if ((await resume(scope, integrationId, conversationId)) !== undefined) count += 1;
  }
  return { resumed: count, more: next !== undefined };
};

const mostAttempts = 8;

/** @returns undefined if the conversation has no such ticket, or it has ended. */
async function resume(
  scope: TenantScope,
  integrationId: string,
  conversationId: string,
): Promise<TicketLink | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const link = await readLink(scope, conversationId);
    if (link?.integrationId !== integrationId || link.state === 'ended') return undefined;
    const work = unitOfWork(scope);
    const next = putLink(work, link, resumed(link, now()));
    if ((await addDue(work, next).commit()).committed) return next;
  }
  throw new Error('A ticket is changed by many writers at once');
}
