import { conversationCreated, conversationRemoved } from '../../contract/events/server-events.ts';
import { isRefusal } from '../../core/refusal.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { keys, membershipPrefix } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { MembershipItem } from '../log/conversation-item.ts';
import { getConversation } from '../conversations/get-conversation.ts';
import { fittingConversation } from './page-rules.ts';
import { changesSince, endOfRound, type MembershipChange, type Since } from './since-rules.ts';
import type { CatchUpStep } from './step.ts';

const parallelReads = 8;

/** Yields an event for each conversation that the caller joined or left, oldest change first. */
export async function* membershipChanges(principal: Principal, since: Since): AsyncGenerator<CatchUpStep> {
  const end = endOfRound(since, now());
  const changes = changesSince(await allChanges(principal), since);
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

async function eventOf(principal: Principal, { conversationId, at, left }: MembershipChange) {
  const position = { conversationId, at: toTimestamp(at) };
  if (left) return passingFrame(conversationRemoved, position, {});
  const conversation = await getConversation(principal, { conversationId });
  return isRefusal(conversation)
    ? undefined
    : passingFrame(conversationCreated, position, fittingConversation(conversation));
}
