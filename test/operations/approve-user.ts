import { approveUser } from '../../shared/contract/identity/approve-user.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { changeStatus } from '../integration/crashes/account-status.ts';
import type { CrashWorld } from '../integration/crashes/crash-world.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newUser } from '../integration/iam/walker.ts';
import { statusMatrix } from '../integration/matrix/account-slots.ts';
import { onAccountOfBob, statusProblems } from '../integration/problems/account-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(approveUser, {
  matrix: statusMatrix({ status: 200 }),
  goodRequest: onAccountOfBob,
  problems: statusProblems(({ suspended }) => suspended),
  crash: {
    sweeps: {
      'approve an account': (world: CrashWorld): CrashScript<undefined> => ({
        prepare: async () => {
          const { prefix, tables, target } = world;
          const profile = keys.user(target.userId);
          const access = keys.userAccess(target.userId);
          await tables.set(prefix + access.pk, access.sk, 'status', 'pending');
          await tables.set(prefix + profile.pk, profile.sk, 'status', 'pending');
          await tables.set(prefix + profile.pk, profile.sk, 'collectionPk', `${prefix}USERS#pending`);
          return undefined;
        },
        attempt: () => changeStatus(world, 'approve', 'active'),
      }),
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { id } = await newUser(scene.walker, false);
    await scene.answer(200, 'POST', `/api/v1/admin/users/${id}/approve`, scene.walker.admin);
  },
});
