import { messageChangeRoutes } from '../shared/contract/messages/routes.ts';
import { deleteMessage } from '../shared/features/messages/delete-message.ts';
import { editMessage } from '../shared/features/messages/edit-message.ts';
import { listMessageVersions } from '../shared/features/messages/list-message-versions.ts';
import { addReaction, removeReaction } from '../shared/features/messages/react-to-message.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(messageChangeRoutes, {
  editMessage,
  deleteMessage,
  listMessageVersions,
  addReaction,
  removeReaction,
});
