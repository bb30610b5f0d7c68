import { groupRoutes } from '../shared/contract/groups/routes.ts';
import { addParticipants } from '../shared/features/groups/add-participants.ts';
import { changeConversation } from '../shared/features/by-kind/change-conversation.ts';
import { changeParticipant } from '../shared/features/groups/change-participant.ts';
import { removeParticipant } from '../shared/features/groups/remove-participant.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(groupRoutes, {
  changeConversation,
  addParticipants,
  changeParticipant,
  removeParticipant,
});
