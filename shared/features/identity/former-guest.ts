import { sessionsEndedEvent } from '../../contract/events/events.ts';
import { endOfSessionsBelow } from '../../core/delivery/connections.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
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
  /** Adds the end of the guest's profile and sessions to a unit of work. */
  readonly end: (work: UnitOfWork) => void;
}

export function formerGuest({ userId, role, status, sessionVersion }: AccessRecord): FormerGuest {
  const nextVersion = sessionVersion + 1;
  return {
    userId,
    nextVersion,
    condition: {
      expression: '#role = :role AND #sessionVersion = :version AND #status = :status',
      values: { role, version: sessionVersion, status },
    },
    end: (work) =>
      void work
        .delete('guest', tableKeys.guestProfile(userId))
        .update('connections', tableKeys.userConnections(userId), endOfSessionsBelow(nextVersion, now()))
        .emit(sessionsEndedEvent, { userId, sessionIds: 'all' }),
  };
}
