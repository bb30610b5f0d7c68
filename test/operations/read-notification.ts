import { expect } from 'vitest';
import { readNotification } from '../../shared/contract/notifications/read-notification.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { absent, casesOf } from '../integration/matrix/request-cases.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { mention, storeNotification } from '../integration/notifications/mentioning.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const pathOf = (id: string) => `/api/v1/notifications/${id}/read`;

export const card = defineCard(readNotification, {
  matrix: {
    own: ({ home, person }) =>
      home?.alice === person
        ? [{ name: 'own', request: { params: { notificationId: home.notification } }, status: 200 }]
        : [],
    slots: {
      'path.notificationId': ({ home, foreign, person }) => {
        const own = home?.notification ?? foreign.otherNotification;
        const others = person === home?.bob ? home.notification : home?.otherNotification;
        const values = wrongIds({ own, foreign: foreign.notification, foreignTenantId: foreign.tenantId, others });
        return casesOf('path.notificationId', values, absent(404, 'NOTIFICATION_NOT_FOUND'), (notificationId) => ({
          params: { notificationId },
        }));
      },
    },
  },
  goodRequest: ({ alice, notification }) => ({ by: alice, params: { notificationId: notification } }),
  problems: { 'notification-not-found': { provoke: ({ bob }, { send }) => send({ by: bob }) } },
  crash: {
    sweeps: {
      'read a notification': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => storeNotification(world.tables, world.prefix, world.bob.userId, world.conversation),
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.bob, 'POST', pathOf(id)));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { unreadCount: expect.any(Number) } });
        },
        check: async (id) => {
          const { body } = await ask(world, world.bob, 'GET', '/api/v1/notifications?limit=100');
          expect(body.items).toContainEqual(expect.objectContaining({ id, readAt: expect.any(String) as string }));
        },
      }),
    },
  },
  replay: async (stage) => {
    const { id } = await mention(stage.test, stage.bob, stage.alice, stage.direct);
    await stage.test.run.settled();
    await perform(stage, stage.alice, 'POST', `/notifications/${id}/read`);
  },
  walk: async (scene) => {
    const { from, to, id: conversation, live } = await scene.audience();
    const { id } = await mention(scene.walker.test, from, to, conversation);
    await scene.received((frame) => frame.type === 'notification.created' && frame.data.notification.id === id);
    await scene.answer(200, 'POST', pathOf(id), to);
    await scene.received((frame) => frame.type === 'notification.read' && frame.data.notificationIds.includes(id));
    expect(live.frames.length).toBeGreaterThan(1);
  },
});
