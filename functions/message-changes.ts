import { messageChangeRoutes } from '../shared/contract/messages/routes.ts';
import { deleteMessage } from '../shared/features/messages/delete-message.ts';
import { editMessage } from '../shared/features/messages/edit-message.ts';
import { listMessageVersions } from '../shared/features/messages/list-message-versions.ts';
import { addReaction, removeReaction } from '../shared/features/messages/react-to-message.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(messageChangeRoutes, {
  editMessage: async ({ principal, params, body }) => {
    const message = await editMessage({ principal, ...params, edit: body, pointer: '/body' });
    return answer(message, (changed) => ({ status: 200, body: changed }));
  },
  deleteMessage: async ({ principal, params }) => {
    return answer(await deleteMessage({ principal, ...params }), (body) => ({ status: 200, body }));
  },
  listMessageVersions: async ({ principal, params }) => {
    const versions = await listMessageVersions(principal, params.conversationId, params.seq);
    return answer(versions, (body) => ({ status: 200, body }));
  },
  addReaction: async ({ principal, params }) => {
    return answer(await addReaction({ principal, ...params }), (body) => ({ status: 200, body }));
  },
  removeReaction: async ({ principal, params }) => {
    return answer(await removeReaction({ principal, ...params }), (body) => ({ status: 200, body }));
  },
});
