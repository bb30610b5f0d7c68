import { conversationNotFound } from '../../contract/problems.ts';
import type { setTyping as setTypingRoute, typingProblems } from '../../contract/receipts/set-typing.ts';
import { typingStarted, typingStopped } from '../../contract/events/server-events.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { audienceOf } from '../log/audience.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { type EmptyAnswer, passOnSignal } from './pass-on-signal.ts';
import { typingIntervalMs } from './typing-rules.ts';

/** Announces to the other participants that a user is typing, or has stopped. */
export async function setTyping(
  principal: Principal,
  { conversationId, typing }: InputOf<typeof setTypingRoute>,
  caller?: CallerConnection<EmptyAnswer>,
): Promise<void | Refusal<(typeof typingProblems)[number]>> {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  const people = (await audienceOf(conversation)).map((reader) => reader.userId);
  const event = typing ? typingStarted : typingStopped;
  const signal = { principal, conversationId, event, kind: 'typing', isStart: typing } as const;
  await passOnSignal({ ...signal, intervalMs: typingIntervalMs }, people, caller);
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
