import { mostPeopleForReceipts, type ReceiptState } from '../../contract/schemas/receipt.ts';
import { receiptUpdated } from '../../contract/events/server-events.ts';
import type { Connection } from '../../core/delivery/connections.ts';
import type { Post } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { reachableConnections } from '../log/append-as-participant.ts';
import { audienceOf } from '../log/audience.ts';
import { isSame, type Progress } from '../log/receipt-rules.ts';

/** Returns the user's live connections, and those of the other participants unless there are too many for receipts. */
export async function receiptConnections(
  principal: Principal,
  conversation: Parameters<typeof audienceOf>[0],
): Promise<readonly Connection[]> {
  const others = (await audienceOf(conversation)).map(({ userId }) => userId);
  const people = [...new Set([...others, principal.userId])];
  return reachableConnections(principal, people.length > mostPeopleForReceipts ? [principal.userId] : people);
}

/** Only the user's own devices receive an unread mark. */
export function receiptPosts(change: {
  readonly userId: string;
  readonly state: ReceiptState;
  readonly before: Progress;
  readonly after: Progress;
  readonly connections: readonly Connection[];
  readonly origin: string | undefined;
}): readonly Post[] {
  const { userId, state, before, after } = change;
  if (isSame(before, after)) return [];
  const { conversationId, deliveredSeq, readSeq, unreadCount, lastSeq } = state;
  const position = { conversationId, at: toTimestamp(now()) };
  const receipts = [{ userId, deliveredSeq, readSeq }];
  const forOthers = passingFrame(receiptUpdated, position, { receipts });
  const forOwn = passingFrame(receiptUpdated, position, { receipts, unreadCount, lastSeq });
  const hasMoved = after.deliveredSeq > before.deliveredSeq || after.readSeq > before.readSeq;
  return change.connections
    .filter((to) => to.connectionId !== change.origin && (hasMoved || to.userId === userId))
    .map((to) => ({
      userId: to.userId,
      connectionId: to.connectionId,
      frame: to.userId === userId ? forOwn : forOthers,
    }));
}
