import { expect } from 'vitest';
import { updateNotificationPreferences } from '../../shared/contract/notifications/notification-preferences.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/notifications/preferences';
const good = { body: { kinds: { resolved: 'off' } } };
const quietHours = { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00', days: ['sunday'] };

export const card = defineCard(updateNotificationPreferences, {
  matrix: plain(200, good),
  goodRequest: ({ alice }) => ({ by: alice, ...good }),
  problems: {},
  crash: {
    sweeps: {
      'replace notification preferences': (world: CrashWorld): CrashScript<object> => ({
        prepare: async () => ({ kinds: { closed: 'off', resolved: 'on' }, quietHours }),
        attempt: async (preferences) => {
          const answer = await persist(() => ask(world, world.alice, 'PUT', path, preferences));
          expect(answer, answer.text).toMatchObject({ status: 200, body: preferences });
        },
        check: async (preferences) => {
          expect((await ask(world, world.alice, 'GET', path)).body).toMatchObject(preferences);
        },
      }),
    },
  },
  replay: { announcesNothing: 'Preferences only apply to later notifications.' },
  walk: async (scene) => {
    const { from } = await scene.audience();
    const answer = await scene.answer(200, 'PUT', path, from, { kinds: {}, quietHours });
    expect(answer).toMatchObject({ quietHours });
  },
});
