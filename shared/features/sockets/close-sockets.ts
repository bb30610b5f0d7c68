import { sessionEnded } from '../../contract/problems.ts';
import type { sessionsEndedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { overConnections } from '../../core/delivery/connections.ts';
import { endConnections } from '../../core/delivery/end-connections.ts';

/**
 * Closes the sockets of ended sessions. The service already rejects their frames. Connections stay recorded until they
 * are closed, so a retry closes the rest.
 */
export async function closeSockets({ id, scope, data }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  await endConnections(scope, await overConnections(scope, data.userId), sessionEnded, id);
}
