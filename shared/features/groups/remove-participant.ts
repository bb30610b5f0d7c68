import type { removeParticipant as removeParticipantRoute } from '../../contract/groups/participants.ts';
import type { Handler } from '../../transport/http.ts';
import { answer } from '../../core/refusal.ts';
import { changeGroup } from './change-group.ts';
import { decideRemoval } from './group-rules.ts';
import { nextAdminOf } from './succession.ts';

/** Leaves a group, or removes a participant from it. */
export const removeParticipant: Handler<typeof removeParticipantRoute> = async ({ principal, params }) => {
  const userId = params.userId === 'me' ? principal.userId : params.userId;
  const outcome = await changeGroup<never>(principal, params.conversationId, async (item, { scope }) =>
    decideRemoval(item, principal.userId, userId, await nextAdminOf(scope, item, userId)),
  );
  return answer(outcome, () => ({ status: 204 }));
};
