import { draftUpdated } from '../../contract/events/server-events.ts';
import type { ServerEventData } from '../../contract/kit/define-server-event.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { passingFrame } from '../../core/delivery/frames.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { reachableConnections } from '../log/append-as-participant.ts';

/** Also to the device that made the change: an HTTP request does not reveal its connection. */
export async function announceDraft(
  principal: Principal,
  conversationId: string,
  data: ServerEventData<typeof draftUpdated>,
): Promise<void> {
  const frame = passingFrame(draftUpdated, { conversationId, at: toTimestamp(now()) }, data);
  const connections = await reachableConnections(principal, [principal.userId]);
  await deliver(
    principal.scope,
    connections.map(({ userId, connectionId }) => ({ userId, connectionId, frame })),
  );
}
