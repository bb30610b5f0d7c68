import { expect } from 'vitest';
import { getDraft } from '../../shared/contract/drafts/get-draft.ts';
import { conversationSlot } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getDraft, {
  matrix: {
    own: ({ home, person }) => {
      const conversationId = home?.alice === person ? home.conversation : undefined;
      return conversationId === undefined
        ? []
        : [
            {
              name: 'none yet',
              request: { params: { conversationId } },
              ...{ status: 404, code: 'DRAFT_NOT_FOUND' },
            },
          ];
    },
    slots: { 'path.conversationId': conversationSlot({}) },
  },
  goodRequest: ({ alice, drafted }) => ({ by: alice, params: { conversationId: drafted } }),
  problems: {
    'conversation-not-found': byStranger,
    'draft-not-found': { provoke: (stage, { send }) => send({ ...inConversation(stage), by: stage.bob }) },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}/draft`;
    const { revision } = await scene.answer(200, 'PUT', path, from, { text: 'later' });
    expect(await scene.answer(200, 'GET', path, from)).toMatchObject({ text: 'later', revision });
  },
});
