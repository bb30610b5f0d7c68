import type { OwnStatus, Presence } from '../../contract/schemas/presence.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { leaseWith } from '../../core/delivery/leases.ts';
import type { Principal } from '../../core/tenancy/principal.ts';

/** Sets one connection's status. Returns the user's presence over all connections. */
export async function presenceUpdate(
  principal: Principal,
  { status }: { readonly status: OwnStatus },
  { connectionId }: Pick<CallerConnection, 'connectionId'>,
): Promise<Presence> {
  return leaseWith(principal, connectionId, status);
}
