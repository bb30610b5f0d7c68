import { changeConversation as changeConversationRoute } from '../shared/contract/groups/change-conversation.ts';
import {
  addParticipants as addParticipantsRoute,
  changeParticipant as changeParticipantRoute,
  removeParticipant as removeParticipantRoute,
} from '../shared/contract/groups/participants.ts';
import { groupRoutes } from '../shared/contract/groups/routes.ts';
import { addParticipants } from '../shared/features/groups/add-participants.ts';
import { changeConversation } from '../shared/features/groups/change-conversation.ts';
import { changeParticipant } from '../shared/features/groups/change-participant.ts';
import { removeParticipant } from '../shared/features/groups/remove-participant.ts';
import { fromParts, serve } from '../shared/transport/http.ts';

export const handler = serve(groupRoutes, {
  changeConversation: fromParts(changeConversationRoute, changeConversation),
  addParticipants: fromParts(addParticipantsRoute, addParticipants),
  changeParticipant: fromParts(changeParticipantRoute, changeParticipant),
  removeParticipant: fromParts(removeParticipantRoute, removeParticipant),
});
