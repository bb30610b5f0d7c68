import { sessionEnded } from '../../contract/problems.ts';
import type { sessionsEndedEvent } from '../../contract/events/events.ts';
import type { ConsumedEvent } from '../../transport/consumer.ts';
import { overConnections } from '../../core/delivery/connections.ts';
import { endConnections } from '../../core/delivery/end-connections.ts';

/**
 * Closes the sockets of sessions that ended. The transaction that ended the sessions also marked them in the
 * connections item, so the service has rejected their frames since. The connections stay recorded until they are
 * closed, so that a retry closes the rest after a failure.
 */
export async function closeSockets({ id, scope, data }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  await endConnections(scope, await overConnections(scope, data.userId), sessionEnded, id);
}
