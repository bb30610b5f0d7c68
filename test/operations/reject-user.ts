import { rejectUser } from '../../shared/contract/identity/reject-user.ts';
import { newUser } from '../integration/iam/walker.ts';
import { illegalTransition, statusMatrix } from '../integration/matrix/account-slots.ts';
import { onAccountOfBob, statusProblems } from '../integration/problems/account-provocations.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(rejectUser, {
  matrix: statusMatrix(illegalTransition),
  goodRequest: onAccountOfBob,
  problems: statusProblems(({ bob }) => bob),
  crash: { sweptBy: 'approveUser', because: 'It is the same use case with another status.' },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { id } = await newUser(scene.walker, false);
    await scene.answer(200, 'POST', `/api/v1/admin/users/${id}/reject`, scene.walker.admin);
  },
});
