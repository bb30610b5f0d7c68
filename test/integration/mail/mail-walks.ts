import { answerMailKey } from '../../../shared/core/table/keys.ts';
import { guestOfWalk } from '../guests/guest-provocations.ts';
import type { OperationWalk } from '../iam/walk-scene.ts';
import { answered, makeDue, simulated, waitingMail, walkToAnswer, walkToDigest } from './due-mails.ts';

export const mailWalks: Readonly<Record<string, readonly OperationWalk[]>> = {
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
