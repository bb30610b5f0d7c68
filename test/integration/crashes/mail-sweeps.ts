import { expect } from 'vitest';
import { answerMailKey, notificationKeys } from '../../../shared/core/table/keys.ts';
import { answered, forgetDigest, makeDue, simulated, waitingMail } from '../mail/due-mails.ts';
import { mailsOf } from '../mail/sent-mails.ts';
import { mention } from '../notifications/mentioning.ts';
import { conversationOf } from '../people.ts';
import { newGuestPerson } from '../guests/guest-person.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { eventually } from './persistence.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import type { CrashScript } from './sweep.ts';

/** Answers a customer, and waits until the timer of the mail is set. @returns the conversation. */
async function unreadAnswer(
  { test, tables, admin }: CrashWorld,
  customer: Parameters<typeof answered>[2],
): Promise<string> {
  const id = await answered(test, admin, customer);
  await eventually(
    'the mail waits',
    async () => (await waitingMail(tables, admin.tenantId, answerMailKey(id))) !== undefined,
  );
  return id;
}

async function closed(world: CrashWorld, id: string): Promise<void> {
  const answer = await ask(world, world.admin, 'POST', `/api/v1/conversations/${id}/close`);
  expect(answer.status, answer.text).toBe(200);
}

/** A function that dies before it records the mail sends it again. */
export const mailAnswer: NamedSweep = {
  name: 'mail about an answer',
  // Timers of the conversation itself run at the same time, so the calls of `run-timers` differ each time.
  functions: ['send-notification-mails'],
  script: (world): CrashScript<{ id: string }> => {
    const { test, tables, desk, admin } = world;
    const mails = (id: string) => mailsOf(test, admin.tenantId, 'answer').filter(({ text }) => text.includes(id));
    return {
      prepare: async () => {
        await test.run.settled();
        return { id: '' };
      },
      attempt: async (sent) => {
        sent.id = await unreadAnswer(world, desk.customer);
        await makeDue(tables, admin.tenantId, answerMailKey(sent.id));
        await eventually('the mail is sent', () => mails(sent.id).length > 0);
        await test.run.settled();
      },
      check: async ({ id }) => {
        expect(mails(id).length).toBeGreaterThan(0);
        expect(mails(id).length).toBeLessThanOrEqual(2);
        expect(await waitingMail(tables, admin.tenantId, answerMailKey(id))).toBeUndefined();
        await closed(world, id);
      },
    };
  },
};

export const mailDigest: NamedSweep = {
  name: 'mail a digest',
  functions: ['send-notification-mails', 'run-timers'],
  script: (world): CrashScript<number> => {
    const { test, tables, alice, forgetful } = world;
    const { tenantId, userId, email } = forgetful;
    const key = notificationKeys.mail(userId);
    const mails = () => mailsOf(test, tenantId, 'digest').filter(({ to }) => to.includes(email));
    return {
      prepare: async () => {
        const { clientMessageId } = await mention(test, alice, forgetful, await conversationOf(test, alice, forgetful));
        world.acknowledged.add(clientMessageId);
        await eventually('the mail waits', async () => (await waitingMail(tables, tenantId, key)) !== undefined);
        await forgetDigest(tables, tenantId, key);
        await test.run.settled();
        return mails().length;
      },
      attempt: async (before) => {
        await makeDue(tables, tenantId, key);
        await eventually('the mail is sent', () => mails().length > before);
        await test.run.settled();
      },
      check: async (before) => {
        expect(mails().length - before).toBeLessThanOrEqual(2);
        expect(await waitingMail(tables, tenantId, key)).toBeUndefined();
      },
    };
  },
};

export const recordBounce: NamedSweep = {
  name: 'record a bounce',
  functions: ['record-mail-feedback'],
  script: (world): CrashScript<string> => {
    const { test, tables, slug, admin } = world;
    // The same at each point, because the names of the calls contain its hash.
    const email = simulated('bounce');
    const listed = async (): Promise<readonly string[]> => {
      let [found, cursor]: [string[], string | null] = [[], ''];
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { body } = await ask(world, admin, 'GET', `/api/v1/admin/suppressions?limit=100${query}`);
        const own = body.items.filter(({ address }: { address?: string }) => address === email);
        found = [...found, ...own.map(({ id }: { id: string }) => id)];
        cursor = body.nextCursor as string | null;
      }
      return found;
    };
    return {
      prepare: async () => {
        const guest = await newGuestPerson(test, slug, `bouncing${Date.now()}`);
        const changed = await ask(world, guest, 'PATCH', '/api/v1/guests/me', { email });
        expect(changed.status, changed.text).toBe(200);
        return unreadAnswer(world, guest);
      },
      attempt: async (id) => {
        await makeDue(tables, admin.tenantId, answerMailKey(id));
        await eventually('the address is suppressed', async () => (await listed()).length > 0);
        await test.run.settled();
      },
      check: async (id) => {
        const suppressed = await listed();
        expect(suppressed).toHaveLength(1);
        const path = `/api/v1/admin/suppressions/${suppressed[0]}`;
        expect((await ask(world, admin, 'DELETE', path)).status).toBe(204);
        await closed(world, id);
      },
    };
  },
};
