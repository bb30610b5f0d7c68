import { listMessages } from '../../shared/contract/messages/list-messages.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listMessages, {
  matrix: {
    own: (caller) =>
      inOwn(caller, [
        { request: {}, status: 200 },
        { name: 'a page', request: { query: { limit: '1' } }, status: 200 },
        { name: 'after', request: { query: { after: '1' } }, status: 200 },
      ]),
    slots: {
      'path.conversationId': (caller) => [
        ...conversationSlot({})(caller),
        ...conversationSlot({ query: { after: '0' } })(caller).map((slot) => ({
          ...slot,
          name: `${slot.name}, paged`,
        })),
      ],
    },
  },
  goodRequest: inConversation,
  problems: { 'conversation-not-found': byStranger },
  ...readsOnly,
  walk: async (scene) => {
    const { to, id } = await scene.audience();
    await scene.answer(200, 'GET', `/api/v1/conversations/${id}/messages`, to);
  },
});
