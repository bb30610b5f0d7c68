import type { addParticipants as addParticipantsRoute } from '../../contract/groups/participants.ts';
import type { rateLimited } from '../../contract/conversations/problems.ts';
import { groupFull, type userNotFound } from '../../contract/problems.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeGroup } from './change-group.ts';
import { decideAddition, refusedActor } from './group-rules.ts';
import { namePeople } from './name-people.ts';

type AdditionRefusal = Refusal<typeof groupFull | typeof userNotFound | typeof rateLimited>;

/** Adds all or none. */
export const addParticipants: UseCase<typeof addParticipantsRoute> = async (
  principal,
  { conversationId, participants, role = 'member' },
) => {
  let named: Awaited<ReturnType<typeof namePeople>> | undefined;
  let counted: ReturnType<typeof countUses> | undefined;
  return changeGroup<AdditionRefusal>(principal, conversationId, async (item, context) => {
    const refused = refusedActor(item, principal.userId);
    if (refused !== undefined) return refused;
    // All attempts use one look-up.
    named ??= await namePeople(context, participants);
    if (isRefusal(named)) return named;
    const { groupSize } = context.settings;
    const decision = decideAddition(item, principal.userId, named.userIds, role, groupSize);
    if (decision.kind === 'full') {
      return refuse(groupFull, { detail: `A group of this tenant has at most ${groupSize} people.` });
    }
    if (decision.kind !== 'change') return decision;
    counted ??= countUses(principal, [{ limit: useLimits.invitations, weight: named.userIds.length }]);
    return (await counted) ?? decision;
  });
};
