import { guestEndedEvent, sessionsEndedEvent } from '../../contract/events/events.ts';
import { endOfSessionsBelow } from '../../core/delivery/connections.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccessRecord } from './session-access.ts';

/**
 * A guest who becomes a user with the same id. A value that only the functions of guests create, so that the others
 * need no right to delete.
 */
export interface FormerGuest {
  readonly userId: string;
  /** The session version of the user, above that of the guest. */
  readonly nextVersion: number;
  /** The condition that the guest is still a guest, with the sessions and the status that were read. */
  readonly condition: Expression;
  /** Adds the end of the guest's profile, of its key and of the sessions to a unit of work. */
  readonly end: (work: UnitOfWork) => void;
}

/** The members of a guest's profile that its end needs. */
interface GuestProfile {
  readonly keyId: string;
  readonly revision: number;
}

export async function formerGuest(
  scope: TenantScope,
  { userId, role, status, sessionVersion }: AccessRecord,
): Promise<FormerGuest> {
  const key = tableKeys.guestProfile(userId);
  const profile = await tenantTable(scope).get<GuestProfile>(key, { consistent: true });
  const nextVersion = sessionVersion + 1;
  return {
    userId,
    nextVersion,
    condition: {
      expression: '#role = :role AND #sessionVersion = :version AND #status = :status',
      values: { role, version: sessionVersion, status },
    },
    end: (work) => {
      if (profile !== undefined) {
        const { keyId, revision } = profile;
        work
          .delete('guest', key, { expression: '#revision = :read', values: { read: revision } })
          .emit(guestEndedEvent, { guestId: userId, keyId });
      }
      work
        .update('connections', tableKeys.userConnections(userId), endOfSessionsBelow(nextVersion, now()))
        .emit(sessionsEndedEvent, { userId, sessionIds: 'all' });
    },
  };
}
