import { suspendUser } from '../../shared/contract/identity/suspend-user.ts';
import { changeStatus } from '../integration/crashes/account-status.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newUser } from '../integration/iam/walker.ts';
import { accountSlot, illegalTransition } from '../integration/matrix/account-slots.ts';
import { onAccountOfBob, statusProblems } from '../integration/problems/account-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(suspendUser, {
  matrix: {
    // The matrix needs all other callers active.
    own: ({ person }) => [{ name: 'itself', request: { params: { userId: person.userId } }, ...illegalTransition }],
    slots: { 'path.userId': accountSlot },
  },
  goodRequest: onAccountOfBob,
  problems: statusProblems(({ pending }) => pending),
  crash: {
    sweeps: {
      'suspend an account': (world: CrashWorld): CrashScript<undefined> => ({
        prepare: async () => undefined,
        attempt: () => changeStatus(world, 'suspend', 'suspended'),
        check: () => changeStatus(world, 'reactivate', 'active'),
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { id } = await newUser(scene.walker);
    await scene.answer(200, 'POST', `/api/v1/admin/users/${id}/suspend`, scene.walker.admin);
  },
});
