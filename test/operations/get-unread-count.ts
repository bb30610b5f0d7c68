import { getUnreadCount } from '../../shared/contract/receipts/get-unread-count.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { newMessage } from '../integration/system/new-message.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(getUnreadCount, {
  matrix: plain(200),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { from, to, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}`;
    const { seq } = await scene.answer(201, 'POST', `${path}/messages`, to, newMessage());
    await scene.answer(200, 'POST', `${path}/receipts`, from, { unreadFrom: seq });
    // The projector updates the count.
    await scene.eventually('the unread count includes the message', async () => {
      const unread = await scene.answer(200, 'GET', '/api/v1/conversations/unread-count', from);
      return unread['messages'] === 1;
    });
  },
});
