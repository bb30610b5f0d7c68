import type {
  typingStarted,
  typingStopped,
  viewingStarted,
  viewingStopped,
} from '../../contract/events/server-events.ts';
import { mostPeopleForReceipts } from '../../contract/schemas/receipt.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { BoundedMap } from '../../core/runtime/bounded-map.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { connectionsOfOthers } from '../log/append-as-participant.ts';
import { passOn, type PassedOn } from './typing-rules.ts';

export type EmptyAnswer = Record<string, never>;

export interface Signal {
  readonly principal: Principal;
  readonly conversationId: string;
  /** The event that announces it. */
  readonly event: typeof typingStarted | typeof typingStopped | typeof viewingStarted | typeof viewingStopped;
  readonly kind: 'typing' | 'viewing';
  readonly isStart: boolean;
  readonly intervalMs: number;
}

/** By kind, conversation and user. A limit across all environments would cost one write per event. */
const passedOn = new BoundedMap<PassedOn>(10_000);

/** Announces a signal to the other people, unless there are too many or the last one was just before. Stores nothing. */
export async function passOnSignal(
  signal: Signal,
  people: readonly string[],
  caller?: CallerConnection<EmptyAnswer>,
): Promise<void> {
  const { principal, conversationId, event } = signal;
  const isPassedOn = people.length <= mostPeopleForReceipts && remember(signal);
  const connections = isPassedOn ? await connectionsOfOthers(principal, people) : [];
  const position = { conversationId, at: toTimestamp(now()) };
  const frame = passingFrame(event, position, { userId: principal.userId });
  await deliver(principal.scope, [
    ...(caller === undefined ? [] : [caller.acknowledge({})]),
    ...connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  ]);
}

function remember({ principal, conversationId, kind, isStart, intervalMs }: Signal): boolean {
  const key = `${kind}/${principal.tenantId}/${conversationId}/${principal.userId}`;
  const next = passOn(passedOn.get(key), isStart, now(), intervalMs);
  if (next === undefined) return false;
  passedOn.set(key, next);
  return true;
}
