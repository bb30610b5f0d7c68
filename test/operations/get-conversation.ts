import { getConversation } from '../../shared/contract/conversations/get-conversation.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getConversation, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: {}, status: 200 }]),
    slots: { 'path.conversationId': conversationSlot({}) },
  },
  goodRequest: inConversation,
  problems: { 'conversation-not-found': byStranger },
  ...readsOnly,
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    await scene.answer(200, 'GET', `/api/v1/conversations/${id}`, from);
  },
});
