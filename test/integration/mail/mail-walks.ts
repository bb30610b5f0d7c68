import { answerMailKey } from '../../../shared/core/table/keys.ts';
import { guestOfWalk } from '../guests/guest-provocations.ts';
import { mailedToken } from '../iam/mailed-token.ts';
import type { OperationWalk } from '../iam/walk-scene.ts';
import { newUser } from '../iam/walker.ts';
import { answered, makeDue, simulated, waitingMail, walkToAnswer, walkToDigest } from './due-mails.ts';

export const mailWalks: Readonly<Record<string, readonly OperationWalk[]>> = {
  'send-mail': [
    async (scene) => {
      const { walker } = scene;
      const { email } = await newUser(walker);
      const request = { tenant: walker.cast.slug, email };
      await scene.answer(202, 'POST', '/api/v1/auth/forgot-password', undefined, request);
      const token = await mailedToken(scene, email);
      const reset = { token, newPassword: 'Lantern-Quay-31!' };
      await scene.answer(204, 'POST', '/api/v1/auth/reset-password', undefined, reset);
    },
  ],

  'send-notification-mails': [
    async (scene) => {
      await walkToAnswer(scene);
      await walkToDigest(scene);
    },
  ],

  'record-mail-feedback': [
    async (scene) => {
      const { test, tables, admin } = scene.walker;
      const guest = await guestOfWalk(scene);
      const email = simulated('bounce');
      await scene.answer(200, 'PATCH', '/api/v1/guests/me', guest, { email });
      const key = answerMailKey(await answered(test, admin, guest));
      const { tenantId } = admin;
      await scene.eventually('the mail waits', async () => (await waitingMail(tables, tenantId, key)) !== undefined);
      await makeDue(tables, tenantId, key);
      await scene.eventually('the address is suppressed', async () => {
        const { items } = await scene.answer(200, 'GET', '/api/v1/admin/suppressions?limit=100', admin);
        return items.some(({ address }: { address?: string }) => address === email);
      });
    },
  ],
};
