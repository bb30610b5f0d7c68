import type { presenceUpdate as presenceUpdateAction } from '../../contract/socket/presence-update.ts';
import type { Presence } from '../../contract/schemas/presence.ts';
import type { ActionInput } from '../../handler/socket.ts';
import { leaseWith } from './leases.ts';

/** Says whether the user is there on this connection. */
export async function presenceUpdate({
  principal,
  connection,
  data,
}: ActionInput<typeof presenceUpdateAction>): Promise<{ answer: Presence }> {
  return { answer: await leaseWith(principal, connection.connectionId, data.status) };
}
