import type { sessionsEndedEvent } from '../contract/events/events.ts';
import type { ConsumedEvent } from '../handler/consumer.ts';
import { connectionsOfUser, removeConnections } from './connections.ts';
import { closeConnection } from './delivery.ts';

/**
 * Closes the sockets of sessions that ended. They are forgotten first: from then on no frame of theirs is taken, even if
 * closing fails and is repeated. Idempotent: what is closed is not there any more.
 */
export async function closeSockets({ scope, data }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  const connections = await connectionsOfUser(scope, data.userId, { consistent: true });
  const ended = connections.filter(
    ({ sessionId }) =>
      sessionId !== data.exceptSessionId && (data.sessionIds === 'all' || data.sessionIds.includes(sessionId)),
  );
  const ids = ended.map((connection) => connection.connectionId);
  await Promise.all(ids.map(closeConnection));
  await removeConnections(scope, data.userId, ids);
}
