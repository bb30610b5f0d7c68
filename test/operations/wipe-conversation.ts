import { expect } from 'vitest';
import { wipeConversation } from '../../shared/contract/desk/wipe.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { crashedSupport } from '../integration/crashes/desk-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { startSupport } from '../integration/desk/desk-calls.ts';
import { conversationSlot } from '../integration/matrix/conversation-slots.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import type { Case } from '../integration/matrix/request-cases.ts';
import { whileBusy } from '../integration/problems/desk-provocations.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { newMessage } from '../integration/system/new-message.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

/** Only the customer wipes: agents with access see the same answer as everyone else. */
function own({ home, person, role }: Caller): readonly Case[] {
  if (home === undefined) return [];
  const conversationNotFound = { status: 404, code: 'CONVERSATION_NOT_FOUND' };
  if (person === home.alice) {
    return [
      { name: 'own', request: { params: { conversationId: home.spareSupport } }, status: 204 },
      {
        name: 'own, but direct',
        request: { params: { conversationId: home.conversation } },
        ...{ status: 409, code: 'NOT_A_SUPPORT_CONVERSATION' },
      },
    ];
  }
  if (role !== 'agent' && role !== 'admin') return [];
  return [{ name: 'the guest’s', request: { params: { conversationId: home.support } }, ...conversationNotFound }];
}

export const card = defineCard(wipeConversation, {
  matrix: { own, slots: { 'path.conversationId': conversationSlot({}) } },
  goodRequest: ({ alice, waiting }) => ({ by: alice, params: { conversationId: waiting } }),
  problems: {
    'conversation-not-found': byStranger,
    'not-a-support-conversation': {
      provoke: ({ conversation }, { send }) => send({ params: { conversationId: conversation } }),
    },
    'conversation-busy': whileBusy('waiting'),
  },
  crash: {
    sweeps: {
      'wipe a conversation': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => crashedSupport(world, 'waiting'),
        attempt: async (id) => {
          await expectStatus(204, () => ask(world, world.desk.customer, 'POST', `/api/v1/conversations/${id}/wipe`));
        },
        check: async (id) => {
          const { body } = await ask(world, world.admin, 'GET', `/api/v1/conversations/${id}`);
          expect(body).toMatchObject({ status: 'closed', wiped: true });
          expect(body.subject).toBeUndefined();
        },
      }),
    },
  },
  replay: async (stage) => {
    const { type: _, ...note } = newMessage('a note');
    const path = `/conversations/${stage.spareSupport}`;
    await perform(stage, stage.agent, 'POST', `${path}/notes`, note);
    await perform(stage, stage.dan, 'POST', `${path}/wipe`);
  },
  walk: async (scene) => {
    const customer = await scene.session();
    const id = await startSupport(scene.walker.test, customer, { subject: 'Help', message: newMessage('secret') });
    await scene.answer(204, 'POST', `/api/v1/conversations/${id}/wipe`, customer);
    const { items } = await scene.answer(200, 'GET', `/api/v1/conversations/${id}/messages`, customer);
    expect(JSON.stringify(items)).not.toContain('secret');
  },
});
