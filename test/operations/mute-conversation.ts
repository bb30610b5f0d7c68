import { expect } from 'vitest';
import { muteConversation } from '../../shared/contract/notifications/mutes.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { expectStatus } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

const good = { body: { until: '2099-01-01T00:00:00+01:00' } };
const stored = { until: '2098-12-31T23:00:00.000Z' };
const mutes = '/api/v1/notifications/mutes';

export const card = defineCard(muteConversation, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: good, status: 200 }]),
    slots: { 'path.conversationId': conversationSlot(good) },
  },
  goodRequest: (stage) => ({ ...inConversation(stage), ...good }),
  problems: { 'conversation-not-found': byStranger },
  crash: {
    sweeps: {
      'mute and unmute a conversation': (world: CrashWorld): CrashScript<undefined> => {
        const path = `/api/v1/conversations/${world.conversation}/mute`;
        return {
          prepare: async () => undefined,
          attempt: async () => {
            const muted = await expectStatus(200, () => ask(world, world.alice, 'PUT', path, good.body));
            expect(muted.body).toEqual({ conversationId: world.conversation, ...stored });
            const list = await ask(world, world.alice, 'GET', mutes);
            if (list.status === 200) expect(list.body.items).toEqual([muted.body]);
            await expectStatus(204, () => ask(world, world.alice, 'DELETE', path));
          },
          check: async () => {
            expect((await ask(world, world.alice, 'GET', mutes)).body.items).toEqual([]);
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A mute only applies to later pushes.' },
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    await scene.answer(200, 'PUT', `/api/v1/conversations/${id}/mute`, from, good.body);
  },
});
