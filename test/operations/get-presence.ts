import { expect } from 'vitest';
import { getPresence } from '../../shared/contract/presence/get-presence.ts';
import { leaseMs } from '../../shared/core/delivery/presence-rules.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import { diedDevice, isSeen } from '../integration/crashes/presence-world.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { wrongIds } from '../integration/matrix/id-values.ts';
import { malformed } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(getPresence, {
  matrix: {
    own: ({ person }) => [{ name: 'own', request: { query: { ids: person.userId } }, status: 200 }],
    slots: {
      // The answer omits users whom the caller may not see.
      'query.ids': ({ person, foreign }) =>
        wrongIds({ own: person.userId, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId }).map(
          ({ kind, value, form }) => ({
            name: `query.ids is ${kind}`,
            request: { query: { ids: value } },
            ...(form === 'malformed' ? malformed : { status: 200, alike: 'absent' }),
          }),
        ),
    },
  },
  goodRequest: ({ alice, bob }) => ({ by: alice, query: { ids: bob.userId } }),
  problems: {},
  crash: {
    sweeps: {
      // The operation announces an ended lease.
      'get presence': (world: CrashWorld): CrashScript<{ readonly watched: number; readonly offline: object }> => {
        const { presence, tables } = world;
        const { alice, carol, watcher } = presence;
        return {
          prepare: async () => {
            const lastSign = Date.now() - leaseMs - 60_000;
            const offline = await diedDevice(tables, carol, { lastSign, expires: false });
            return { watched: watcher.frames.length, offline };
          },
          attempt: async ({ offline }) => {
            const path = `/api/v1/users/presence?ids=${carol.userId}`;
            const answer = await persist(() => ask(world, alice, 'GET', path));
            expect(answer, answer.text).toMatchObject({ status: 200, body: { users: [offline] } });
          },
          check: ({ watched }) => isSeen(presence, carol, 'offline', watched),
        };
      },
    },
  },
  replay: { announcesNothing: 'It reads, and announces only leases that have expired.' },
  walk: async (scene) => {
    const [{ from, to, live }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.request(live, 'hello', {});
    await scene.answer(200, 'PUT', '/api/v1/users/me/presence', to, { status: 'away' });
    const seen = await scene.answer(200, 'GET', `/api/v1/users/presence?ids=${to.userId}`, from);
    expect(seen).toEqual({ users: [{ userId: to.userId, status: 'away' }] });
  },
});
