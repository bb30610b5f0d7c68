import { reactivateUser } from '../../shared/contract/identity/reactivate-user.ts';
import { newUser } from '../integration/iam/walker.ts';
import { statusMatrix } from '../integration/matrix/account-slots.ts';
import { onAccountOfBob, statusProblems } from '../integration/problems/account-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(reactivateUser, {
  matrix: statusMatrix({ status: 200 }),
  goodRequest: onAccountOfBob,
  problems: statusProblems(({ pending }) => pending),
  crash: { sweptBy: 'suspendUser', because: 'It is the same use case with another status.' },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { id } = await newUser(scene.walker);
    await scene.answer(200, 'POST', `/api/v1/admin/users/${id}/suspend`, scene.walker.admin);
    await scene.answer(200, 'POST', `/api/v1/admin/users/${id}/reactivate`, scene.walker.admin);
  },
});
