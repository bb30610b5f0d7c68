import { ulid } from 'ulid';
import { expect } from 'vitest';
import { bulkConversations } from '../../shared/contract/desk/bulk.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { casesOf } from '../integration/matrix/request-cases.ts';
import { agentsSlot } from '../integration/matrix/support-slots.ts';
import { defineCard } from './kit/define-card.ts';

const closing = (conversationId: string) => ({
  body: { conversationIds: [conversationId], action: 'status', status: 'closed' },
});

export const card = defineCard(bulkConversations, {
  matrix: {
    own: ({ home }) =>
      home === undefined ? [] : [{ name: 'a direct one', request: closing(home.conversation), status: 200 }],
    slots: {
      'body.conversationIds': ({ home, foreign }) => {
        const own = home?.conversation ?? ulid();
        const values = wrongIds({ own, foreign: foreign.conversation, foreignTenantId: foreign.tenantId });
        // The outcome of each conversation says that it does not exist.
        return casesOf('body.conversationIds', values, { status: 200 }, closing);
      },
      // The outcome says that there is no such agent.
      'body.agentId': agentsSlot('body.agentId', { status: 200 }, ({ home }, agentId) => ({
        body: { conversationIds: [home?.support ?? ulid()], action: 'assign', agentId },
      })),
    },
  },
  goodRequest: ({ admin, conversation }) => ({ by: admin, ...closing(conversation) }),
  problems: {},
  hasOutcomes: true,
  crash: { sweptBy: 'resolveConversation', because: 'It runs the single operations, one after the other.' },
  replay: { announcesNothing: 'It runs the single operations, which announce the changes.' },
  walk: async (scene) => {
    const { admin } = scene.walker;
    const customer = await scene.session();
    const { id } = await scene.answer(201, 'POST', '/api/v1/conversations', customer, { kind: 'support' });
    for (const action of [
      { action: 'tag', addTags: ['billing'] },
      { action: 'markUrgent' },
      { action: 'export' },
      { action: 'status', status: 'closed' },
      { action: 'delete' },
    ]) {
      const body = { conversationIds: [id], ...action };
      const { outcomes } = await scene.answer(200, 'POST', '/api/v1/conversations/bulk', admin, body);
      expect(outcomes).toMatchObject([{ id, ok: true }]);
    }
  },
});
