import { sessionEnded } from '../contract/problems.ts';
import type { sessionsEndedEvent } from '../contract/events/events.ts';
import type { ConsumedEvent } from '../handler/consumer.ts';
import { overConnections } from './connections.ts';
import { endConnections } from './end-connections.ts';

/**
 * Closes the sockets of sessions that ended. The transaction that ended them says so beside the connections, so no frame
 * of theirs has been taken since; they stay recorded until they are closed, so that a failure half-way is repeated.
 */
export async function closeSockets({ id, scope, data }: ConsumedEvent<typeof sessionsEndedEvent>): Promise<void> {
  await endConnections(scope, await overConnections(scope, data.userId), sessionEnded, id);
}
