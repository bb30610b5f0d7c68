import { sessionEnded } from '../../contract/problems.ts';
import type { sessionsEndedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { overConnections } from '../../core/delivery/connections.ts';
import { endConnections } from '../../core/delivery/end-connections.ts';

/**
 * Closes the sockets of ended sessions. The transaction that ended the sessions also marked them in the connections
 * item, so the service already rejects their frames. Connections stay recorded until they are closed, so a retry after
 * a failure closes the rest.
 */
export async function closeSockets({ id, scope, data }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  await endConnections(scope, await overConnections(scope, data.userId), sessionEnded, id);
}
