import type { changeParticipant as changeParticipantRoute } from '../../contract/groups/participants.ts';
import { userNotFound } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeGroup } from './change-group.ts';
import { decideRole } from './group-rules.ts';
import { nextAdminOf } from './succession.ts';

/** Changes a participant's role. */
export const changeParticipant: UseCase<typeof changeParticipantRoute> = (
  principal,
  { conversationId, userId, role },
) =>
  changeGroup<Refusal<typeof userNotFound>>(principal, conversationId, async (item, { scope }) => {
    const nextAdminId = role === 'admin' ? undefined : await nextAdminOf(scope, item, userId);
    const decision = decideRole(item, principal.userId, userId, role, nextAdminId);
    if (decision.kind !== 'no-such-participant') return decision;
    const detail = 'must be the id of a participant';
    return refuse(userNotFound, { errors: [{ pointer: '/userId', code: 'custom', detail }] });
  });
