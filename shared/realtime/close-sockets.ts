import type { sessionsEndedEvent } from '../contract/events/events.ts';
import type { ConsumedEvent } from '../handler/consumer.ts';
import { together } from '../runtime/together.ts';
import { endConnections, recordedConnections, removeConnections } from './connections.ts';
import { closeConnection } from './delivery.ts';

/** By which the clocks of two functions may differ. */
const clockDifferenceMs = 5000;

/**
 * Closes the sockets of sessions that ended. They are marked first: from then on no frame of theirs is taken, and they
 * are still there to be closed if this fails half-way and is repeated.
 */
export async function closeSockets({ scope, data, at }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  const connections = await recordedConnections(scope, data.userId);
  // The event may come again much later: sessions that began meanwhile are not meant.
  const until = Date.parse(at) + clockDifferenceMs;
  const ended = connections.filter(({ sessionId, connectedAt }) =>
    data.sessionIds === 'all'
      ? sessionId !== data.exceptSessionId && connectedAt <= until
      : data.sessionIds.includes(sessionId),
  );
  await endConnections(scope, ended);
  const ids = ended.map((connection) => connection.connectionId);
  await together(ids.map(closeConnection));
  await removeConnections(scope, data.userId, ids);
}
