import { deleteDraft } from '../../shared/contract/drafts/delete-draft.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { call } from '../integration/raw-client.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(deleteDraft, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: {}, status: 204 }]),
    slots: { 'path.conversationId': conversationSlot({}) },
  },
  goodRequest: inConversation,
  problems: {
    'conversation-not-found': byStranger,
    'draft-changed': {
      provoke: async ({ test, alice, conversation }, { send }) => {
        const draft = { token: alice.token, body: { text: 'later' } };
        await call(test.url, 'PUT', `/api/v1/conversations/${conversation}/draft`, draft);
        return send({ query: { revision: '1' } });
      },
      pointers: ['/query/revision'],
      changes: 'the draft is saved for this provocation',
    },
  },
  crash: { sweptBy: 'saveDraft', because: 'Its sweep saves, changes and deletes a draft.' },
  replay: async (stage) => {
    const path = `/conversations/${stage.direct}/draft`;
    await perform(stage, stage.alice, 'PUT', path, { text: 'later' });
    await perform(stage, stage.alice, 'DELETE', path);
  },
  walk: async (scene) => {
    const { to, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}/draft`;
    await scene.answer(200, 'PUT', path, to, { text: 'later' });
    await scene.answer(204, 'DELETE', path, to);
    await scene.received((frame) => frame.type === 'draft.updated' && frame.data.text === undefined);
  },
});
