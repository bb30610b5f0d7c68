import { expect } from 'vitest';
import { ping } from '../../shared/contract/sockets/ping.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { complaintOf, persistFrame } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { plainFrame } from '../integration/matrix/frame-cases.ts';
import { performFrame } from '../integration/replay/replay-stage.ts';
import { defineFrameCard } from './kit/define-card.ts';

export const frameCard = defineFrameCard(ping, {
  matrix: plainFrame('pong'),
  goodFrame: () => ({}),
  problems: {},
  crash: {
    sweeps: {
      // A fault may lose the renewal of an answered ping, but never the lease.
      ping: (world: CrashWorld): CrashScript<number> => {
        const { bob, bobSocket } = world;
        return {
          prepare: async () => {
            await bobSocket.request('presence.update', { status: 'online' });
            return bobSocket.frames.length;
          },
          attempt: async () => {
            expect(await persistFrame(bobSocket, 'ping', {})).toMatchObject({ type: 'pong' });
          },
          check: async (after, point) => {
            await complaintOf(bobSocket, after, point);
            const answer = await ask(world, world.alice, 'GET', `/api/v1/users/presence?ids=${bob.userId}`);
            expect(answer.body.users, answer.text).toMatchObject([{ userId: bob.userId, status: 'online' }]);
          },
        };
      },
    },
  },
  replay: (stage) => performFrame(stage, 'ping', {}),
  walk: async (scene) => {
    expect((await scene.request(await scene.socket(), 'ping', {})).type).toBe('pong');
  },
});
