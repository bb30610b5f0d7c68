import type { removeParticipant as removeParticipantRoute } from '../../contract/groups/participants.ts';
import { isRefusal } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeGroup } from './change-group.ts';
import { decideRemoval } from './group-rules.ts';
import { nextAdminOf } from './succession.ts';

export const removeParticipant: UseCase<typeof removeParticipantRoute> = async (
  principal,
  { conversationId, userId: namedId },
) => {
  const userId = namedId === 'me' ? principal.userId : namedId;
  const outcome = await changeGroup<never>(principal, conversationId, async (item, { scope }) =>
    decideRemoval(item, principal.userId, userId, await nextAdminOf(scope, item, userId)),
  );
  return isRefusal(outcome) ? outcome : undefined;
};
