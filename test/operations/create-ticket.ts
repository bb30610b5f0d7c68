import { expect } from 'vitest';
import { createTicket } from '../../shared/contract/identity/create-ticket.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { openWithTicket } from '../integration/crashes/tickets.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(createTicket, {
  matrix: plain(201),
  goodRequest: ({ alice }) => ({ by: alice }),
  problems: {},
  crash: {
    sweeps: {
      'get a ticket': (world: CrashWorld): CrashScript<undefined> => ({
        prepare: async () => undefined,
        attempt: async () => {
          const socket = await openWithTicket(world);
          expect(await socket.request('ping', {})).toMatchObject({ type: 'pong' });
          await socket.close();
        },
      }),
    },
  },
  replay: { announcesNothing: 'A ticket is in no timeline.' },
  walk: async (scene) => {
    await scene.answer(201, 'POST', '/api/v1/auth/ticket', await scene.session());
  },
});
