import { expect } from 'vitest';
import { readAllNotifications } from '../../shared/contract/notifications/read-all-notifications.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { casesOf } from '../integration/matrix/request-cases.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { mention, storeNotification } from '../integration/notifications/mentioning.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/notifications/read-all';

export const card = defineCard(readAllNotifications, {
  matrix: {
    own: () => [],
    slots: {
      // An id is only a position in the caller's own list.
      'body.upTo': ({ foreign, home }) => {
        const own = home?.otherNotification ?? foreign.otherNotification;
        const values = wrongIds({ own, foreign: foreign.notification, foreignTenantId: foreign.tenantId });
        return casesOf('body.upTo', values, { status: 200 }, (upTo) => ({ body: { upTo } }));
      },
    },
  },
  goodRequest: ({ alice, notification }) => ({ by: alice, body: { upTo: notification } }),
  problems: {},
  crash: {
    sweeps: {
      'read all notifications': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => {
          const store = (cause: string) =>
            storeNotification(world.tables, world.prefix, world.bob.userId, world.conversation, { cause });
          const ids = [await store('one'), await store('two')];
          return ids.sort()[1] ?? '';
        },
        attempt: async (upTo) => {
          const answer = await persist(() => ask(world, world.bob, 'POST', path, { upTo }));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { unreadCount: 0 } });
        },
        check: async () => {
          const { body } = await ask(world, world.bob, 'GET', '/api/v1/notifications?unread=true');
          expect(body).toMatchObject({ items: [], unreadCount: 0 });
        },
      }),
    },
  },
  replay: async (stage) => {
    const { id } = await mention(stage.test, stage.bob, stage.alice, stage.direct);
    await stage.test.run.settled();
    await perform(stage, stage.alice, 'POST', '/notifications/read-all', { upTo: id });
  },
  walk: async (scene) => {
    const { from, to, id: conversation } = await scene.audience();
    const { id } = await mention(scene.walker.test, from, to, conversation);
    await scene.received((frame) => frame.type === 'notification.created' && frame.data.notification.id === id);
    await scene.answer(200, 'POST', path, to, { upTo: id });
    await scene.received((frame) => frame.type === 'notification.read' && frame.data.notificationIds.includes(id));
  },
});
