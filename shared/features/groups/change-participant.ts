import type { changeParticipant as changeParticipantRoute } from '../../contract/groups/participants.ts';
import { userNotFound } from '../../contract/problems.ts';
import type { Handler } from '../../transport/http.ts';
import { answer, type Refusal, refuse } from '../../core/refusal.ts';
import { changeGroup } from './change-group.ts';
import { decideRole } from './group-rules.ts';
import { nextAdminOf } from './succession.ts';

/** Changes the role of a participant of a group. */
export const changeParticipant: Handler<typeof changeParticipantRoute> = async ({ principal, params, body }) => {
  const outcome = await changeGroup<Refusal<typeof userNotFound>>(
    principal,
    params.conversationId,
    async (item, { scope }) => {
      const nextAdminId = body.role === 'admin' ? undefined : await nextAdminOf(scope, item, params.userId);
      const decision = decideRole(item, principal.userId, params.userId, body.role, nextAdminId);
      if (decision.kind !== 'no-such-participant') return decision;
      const detail = 'must be the id of somebody who takes part';
      return refuse(userNotFound, { errors: [{ pointer: '/path/userId', code: 'custom', detail }] });
    },
  );
  return answer(outcome, ({ conversation }) => ({ status: 200, body: conversation }));
};
