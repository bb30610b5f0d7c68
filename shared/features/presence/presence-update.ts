import type { presenceUpdate as presenceUpdateAction } from '../../contract/presence/presence-update.ts';
import type { Presence } from '../../contract/schemas/presence.ts';
import type { ActionInput } from '../../transport/socket.ts';
import { leaseWith } from '../../core/delivery/leases.ts';

/** Says whether the user is there on this connection. */
export async function presenceUpdate({
  principal,
  connection,
  data,
}: ActionInput<typeof presenceUpdateAction>): Promise<{ answer: Presence }> {
  return { answer: await leaseWith(principal, connection.connectionId, data.status) };
}
