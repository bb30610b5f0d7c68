import { conversationCreated, conversationRemoved } from '../../contract/events/server-events.ts';
import { isRefusal } from '../../core/refusal.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys, membershipPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { MembershipItem } from '../log/conversation-item.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { deskChangesSince } from './desk-changes.ts';
import { fittingConversation } from './page-rules.ts';
import { changesSince, endOfRound, type MembershipChange, type Since } from './since-rules.ts';
import type { CatchUpStep } from './step.ts';

const parallelReads = 8;

/**
 * Yields an event for each conversation that the caller joined or left and, for agents, for each support conversation
 * that changed or that they can no longer open, oldest change first.
 */
export async function* membershipChanges(principal: Principal, since: Since): AsyncGenerator<CatchUpStep> {
  const end = endOfRound(since, now());
  const [own, ofDesk] = await settleAll([allChanges(principal), deskChangesSince(principal, since)]);
  if (ofDesk === 'unknown') yield { listQueues: true };
  const changes = changesSince(withDesk(own, ofDesk === 'unknown' ? [] : ofDesk), since);
  const steps = mapConcurrent(changes, parallelReads, async (change) => ({
    change,
    event: await eventOf(principal, change),
  }));
  for await (const { change, event } of steps) {
    if (event === undefined) continue;
    const { conversationId, at } = change;
    yield { event, since: { ...end, lastSent: { at, conversationId } } };
  }
}

/** A conversation in which the agent is the customer is a membership. */
function withDesk(own: readonly MembershipChange[], ofDesk: readonly MembershipChange[]): readonly MembershipChange[] {
  const ownIds = new Set(own.map(({ conversationId }) => conversationId));
  return [...own, ...ofDesk.filter(({ conversationId }) => !ownIds.has(conversationId))];
}

async function allChanges({ scope, userId }: Principal): Promise<readonly MembershipChange[]> {
  const changes: MembershipChange[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<MembershipItem>({
      pk: keys.user(userId).pk,
      beginsWith: membershipPrefix,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { conversationId, joinedAt, leftAt } of page.items) {
      changes.push({ conversationId, at: leftAt ?? joinedAt, left: leftAt !== undefined });
    }
    after = page.lastSortKey;
  } while (after !== undefined);
  return changes;
}

async function eventOf(principal: Principal, { conversationId, at, left, mayHaveLeft }: MembershipChange) {
  const position = { conversationId, at: toTimestamp(at) };
  const removal = passingFrame(conversationRemoved, position, {});
  if (left) return removal;
  const conversation = await getConversation(principal, { conversationId });
  if (isRefusal(conversation)) return mayHaveLeft === true ? removal : undefined;
  return passingFrame(conversationCreated, position, fittingConversation(conversation));
}
