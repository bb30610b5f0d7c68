import { conversationNotFound } from '../../contract/problems.ts';
import type { typingProblems } from '../../contract/receipts/set-typing.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { typingStarted, typingStopped } from '../../contract/events/server-events.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { deliver, type Post } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { connectionsOfOthers } from '../log/append-as-participant.ts';
import { participantIdsOf } from '../log/conversation-item.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { passOn, type PassedOn } from './typing-rules.ts';

export interface TypingInput {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly typing: boolean;
  /** Makes the acknowledgement, which then goes out in one batch with the deliveries. */
  readonly acknowledge?: () => Post;
}

/**
 * The typing events that this environment passed on. A limit across all environments would cost one write for each
 * event, as much as a message.
 */
const passedOn = new BoundedMap<PassedOn>(10_000);

/** Announces to the other participants that a user is typing, or has stopped. Nothing is stored. */
export async function setTyping(input: TypingInput): Promise<void | Refusal<(typeof typingProblems)[number]>> {
  const { principal, conversationId, typing } = input;
  const { scope, userId } = principal;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const people = participantIdsOf(conversation.item);
  const isPassedOn = people.length <= mostPeopleForReceipts && remember(principal, conversationId, typing);
  const connections = isPassedOn ? await connectionsOfOthers(principal, people) : [];
  const place = { conversationId, at: toTimestamp(now()) };
  const frame = passingFrame(typing ? typingStarted : typingStopped, place, { userId });
  await deliver(scope, [
    ...(input.acknowledge === undefined ? [] : [input.acknowledge()]),
    ...connections.map((to) => ({ userId: to.userId, connectionId: to.connectionId, frame })),
  ]);
}

function remember({ tenantId, userId }: Principal, conversationId: string, typing: boolean): boolean {
  const key = `${tenantId}/${conversationId}/${userId}`;
  const next = passOn(passedOn.get(key), typing, now());
  if (next === undefined) return false;
  passedOn.set(key, next);
  return true;
}
