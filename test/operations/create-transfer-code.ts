import { expect } from 'vitest';
import { createTransferCode } from '../../shared/contract/guests/create-transfer-code.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newDeviceSecret } from '../integration/guests/guest-devices.ts';
import { askAsGuest, type GuestPerson, newGuestPerson } from '../integration/guests/guest-person.ts';
import { guestOfWalk } from '../integration/guests/guest-provocations.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { counted, untilRejected } from '../integration/problems/limit-provocations.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/guests/me/transfer-code';

export const card = defineCard(createTransferCode, {
  matrix: plain(201),
  goodRequest: ({ guest }) => ({ by: guest }),
  problems: {
    'too-many-attempts': {
      provoke: (stage, { send }) => untilRejected(stage, () => send()),
      changes: `codes are created, and ${counted}`,
    },
  },
  crash: {
    sweeps: {
      'create a code to move': (world: CrashWorld): CrashScript<{ readonly guest: GuestPerson; code?: string }> => ({
        prepare: async () => ({ guest: await newGuestPerson(world.test, world.slug, 'moving') }),
        attempt: async (state) => {
          const answer = await patiently(world, () => ask(world, state.guest, 'POST', path));
          expect(answer.status, answer.text).toBe(201);
          state.code = answer.body.transferCode as string;
        },
        check: async ({ guest, code }) => {
          const move = { deviceSecret: newDeviceSecret(), transferCode: code };
          const answer = await patiently(world, () => askAsGuest(world.test, world.slug, move));
          expect(answer.body.user, answer.text).toMatchObject({ id: guest.userId });
        },
      }),
    },
  },
  replay: { announcesNothing: 'A guest’s account is in no timeline.' },
  walk: async (scene) => {
    await scene.answer(201, 'POST', path, await guestOfWalk(scene));
  },
});
