import { conversationNotFound } from '../../contract/problems.ts';
import type { setTyping as setTypingRoute, typingProblems } from '../../contract/receipts/set-typing.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import { typingStarted, typingStopped } from '../../contract/events/server-events.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { connectionsOfOthers } from '../log/append-as-participant.ts';
import { audienceOf } from '../log/audience.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { passOn, type PassedOn } from './typing-rules.ts';

type EmptyAnswer = Record<string, never>;

/** By conversation and user. A limit across all environments would cost one write per event. */
const passedOn = new BoundedMap<PassedOn>(10_000);

/** Announces to the other participants that a user is typing, or has stopped. Stores nothing. */
export async function setTyping(
  principal: Principal,
  { conversationId, typing }: InputOf<typeof setTypingRoute>,
  caller?: CallerConnection<EmptyAnswer>,
): Promise<void | Refusal<(typeof typingProblems)[number]>> {
  const { scope, userId } = principal;
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const people = (await audienceOf(conversation)).map((reader) => reader.userId);
  const isPassedOn = people.length <= mostPeopleForReceipts && remember(principal, conversationId, typing);
  const connections = isPassedOn ? await connectionsOfOthers(principal, people) : [];
  const position = { conversationId, at: toTimestamp(now()) };
  const frame = passingFrame(typing ? typingStarted : typingStopped, position, { userId });
  await deliver(scope, [
    ...(caller === undefined ? [] : [caller.acknowledge({})]),
    ...connections.map((to) => ({ userId: to.userId, connectionId: to.connectionId, frame })),
  ]);
}

export function startTyping(principal: Principal, { conversationId }: Address, caller: CallerConnection<EmptyAnswer>) {
  return announced(setTyping(principal, { conversationId, typing: true }, caller));
}

export function stopTyping(principal: Principal, { conversationId }: Address, caller: CallerConnection<EmptyAnswer>) {
  return announced(setTyping(principal, { conversationId, typing: false }, caller));
}

type Address = Pick<InputOf<typeof setTypingRoute>, 'conversationId'>;

async function announced<Problem extends Refusal>(outcome: Promise<void | Problem>): Promise<Problem | EmptyAnswer> {
  return (await outcome) ?? {};
}

function remember({ tenantId, userId }: Principal, conversationId: string, typing: boolean): boolean {
  const key = `${tenantId}/${conversationId}/${userId}`;
  const next = passOn(passedOn.get(key), typing, now());
  if (next === undefined) return false;
  passedOn.set(key, next);
  return true;
}
