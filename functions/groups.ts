import { groupRoutes } from '../shared/contract/groups/routes.ts';
import { addParticipants } from '../shared/conversations/groups/add-participants.ts';
import { changeConversation } from '../shared/conversations/groups/change-conversation.ts';
import { changeParticipant } from '../shared/conversations/groups/change-participant.ts';
import { removeParticipant } from '../shared/conversations/groups/remove-participant.ts';
import { serve } from '../shared/handler/http.ts';

export const handler = serve(groupRoutes, {
  changeConversation,
  addParticipants,
  changeParticipant,
  removeParticipant,
});
