import { expect } from 'vitest';
import { unmuteConversation } from '../../shared/contract/notifications/mutes.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(unmuteConversation, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: {}, status: 204 }]),
    slots: { 'path.conversationId': conversationSlot({}) },
  },
  goodRequest: inConversation,
  problems: { 'conversation-not-found': byStranger },
  crash: { sweptBy: 'muteConversation', because: 'Its sweep mutes and unmutes a conversation.' },
  replay: { announcesNothing: 'A mute only applies to later pushes.' },
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}/mute`;
    await scene.answer(200, 'PUT', path, from, {});
    await scene.answer(204, 'DELETE', path, from);
    const list = await scene.answer(200, 'GET', '/api/v1/notifications/mutes', from);
    expect(list.items).toEqual([]);
  },
});
