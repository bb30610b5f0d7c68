import { expect } from 'vitest';
import { presenceUpdate } from '../../shared/contract/presence/presence-update.ts';
import { updatePresence } from '../../shared/contract/presence/update-presence.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { complaintOf, persist, persistFrame } from '../integration/crashes/persistence.ts';
import { bobOnline, type FramesBefore, isSeen } from '../integration/crashes/presence-world.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { plainFrame } from '../integration/matrix/frame-cases.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { perform, performFrame } from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const path = '/api/v1/users/me/presence';
const away = { status: 'away' };

export const card = defineCard(updatePresence, {
  matrix: plain(200, { body: { status: 'online' } }),
  goodRequest: ({ alice }) => ({ by: alice, body: away }),
  problems: {},
  crash: {
    sweeps: {
      'set presence to away': (world: CrashWorld): CrashScript<FramesBefore> => {
        const { presence } = world;
        const { bob } = presence;
        return {
          prepare: () => bobOnline(presence),
          attempt: async () => {
            const answer = await persist(() => ask(world, bob, 'PUT', path, away));
            expect(answer, answer.text).toMatchObject({ status: 200, body: { userId: bob.userId, ...away } });
          },
          check: ({ watched }) => isSeen(presence, bob, 'away', watched),
        };
      },
    },
  },
  replay: (stage) => perform(stage, stage.alice, 'PUT', '/users/me/presence', away),
  walk: async (scene) => {
    const [{ to, live }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.request(live, 'hello', {});
    const changed = await scene.answer(200, 'PUT', path, to, away);
    expect(changed).toMatchObject({ userId: to.userId, ...away });
  },
});

export const frameCard = defineFrameCard(presenceUpdate, {
  matrix: plainFrame('presence', away),
  goodFrame: () => away,
  problems: {},
  crash: {
    sweeps: {
      'set presence to away over the socket': (world: CrashWorld): CrashScript<FramesBefore> => {
        const { presence } = world;
        const { bob, bobSocket } = presence;
        return {
          prepare: () => bobOnline(presence),
          attempt: async () => {
            const answer = await persistFrame(bobSocket, 'presence.update', away);
            expect(answer).toMatchObject({ type: 'presence', data: { userId: bob.userId, ...away } });
          },
          check: async ({ watched, own }, point) => {
            await complaintOf(bobSocket, own, point);
            await isSeen(presence, bob, 'away', watched);
          },
        };
      },
    },
  },
  replay: (stage) => performFrame(stage, 'presence.update', { status: 'online' }),
  walk: async (scene) => {
    const { live } = await scene.audience();
    expect((await scene.request(live, 'presence.update', away)).type).toBe('presence');
  },
});
