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
import { tellable } from './page-rules.ts';
import { changesSince, endOfRound, type PartChange, type Since } from './since-rules.ts';
import type { CatchUpStep } from './step.ts';

const sideBySide = 8;

/** The conversations that the caller joined or left since the token, the oldest change first. */
export async function* partChanges(principal: Principal, since: Since): AsyncGenerator<CatchUpStep> {
  const end = endOfRound(since, now());
  const changes = changesSince(await allParts(principal), since);
  const steps = mapConcurrent(changes, sideBySide, async (change) => ({
    change,
    event: await eventOf(principal, change),
  }));
  for await (const { change, event } of steps) {
    if (event === undefined) continue;
    const { conversationId, at } = change;
    yield { event, since: { ...end, told: { at, conversationId } } };
  }
}

async function allParts({ scope, userId }: Principal): Promise<readonly PartChange[]> {
  const parts: PartChange[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<MembershipItem>({
      pk: keys.user(userId).pk,
      beginsWith: membershipPrefix,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { conversationId, joinedAt, leftAt } of page.items) {
      parts.push({ conversationId, at: leftAt ?? joinedAt, left: leftAt !== undefined });
    }
    after = page.lastSortKey;
  } while (after !== undefined);
  return parts;
}

async function eventOf(principal: Principal, { conversationId, at, left }: PartChange) {
  const position = { conversationId, at: toTimestamp(at) };
  if (left) return passingFrame(conversationRemoved, position, {});
  const conversation = await getConversation(principal, { conversationId });
  return isRefusal(conversation) ? undefined : passingFrame(conversationCreated, position, tellable(conversation));
}
