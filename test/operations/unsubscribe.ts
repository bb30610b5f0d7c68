import { expect } from 'vitest';
import { unsubscribe } from '../../shared/contract/mail/unsubscribe.ts';
import { notificationKeys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { eventually, persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import {
  forgetDigest,
  makeDue,
  oneClickPath,
  waitingMail,
  walkToAnswer,
  walkToDigest,
} from '../integration/mail/due-mails.ts';
import { mailsOf } from '../integration/mail/sent-mails.ts';
import { newSuppressionId } from '../integration/mail/stored-suppression.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import type { Case } from '../integration/matrix/request-cases.ts';
import { invalidToken } from '../integration/matrix/session-slots.ts';
import { mention } from '../integration/notifications/mentioning.ts';
import { conversationOf } from '../integration/people.ts';
import { defineCard } from './kit/define-card.ts';

/** With a signature that the service never made. */
function forgedTokens({ foreign }: Caller): readonly Case[] {
  const signature = newSuppressionId();
  const values: Readonly<Record<string, string>> = {
    'text that is not a token': 'not-a-token',
    'a token of another tenant’s user': `${foreign.tenantId}.u.${foreign.alice.userId}.${signature}`,
    'a token of another tenant’s address': `${foreign.tenantId}.a.${newSuppressionId()}.${signature}`,
    'another tenant’s key': `T#${foreign.tenantId}#U#${foreign.alice.userId}`,
    'a member of every object': '__proto__',
  };
  return Object.entries(values).map(([kind, token]) => ({
    name: `query.token is ${kind}`,
    request: { query: { token } },
    ...invalidToken,
    alike: 'refused',
  }));
}

/** The path of a new digest, and the user who got it. */
async function digest({ test, tables, alice, visitor }: CrashWorld): Promise<string> {
  await mention(test, alice, visitor, await conversationOf(test, alice, visitor));
  await test.run.settled();
  const { tenantId, userId } = visitor;
  const key = notificationKeys.mail(userId);
  await eventually('the mail waits', async () => (await waitingMail(tables, tenantId, key)) !== undefined);
  const sent = () => mailsOf(test, tenantId, 'digest').filter(({ to }) => to.includes(visitor.email));
  const before = sent().length;
  await forgetDigest(tables, tenantId, key);
  await makeDue(tables, tenantId, key);
  await eventually('the mail is sent', async () => sent().length > before);
  const mail = sent().at(-1);
  return mail === undefined ? '' : oneClickPath(mail);
}

export const card = defineCard(unsubscribe, {
  matrix: { own: () => [], slots: { 'query.token': forgedTokens } },
  goodRequest: ({ bob }) => ({
    by: bob,
    query: { token: `${bob.tenantId}.u.${bob.userId}.${newSuppressionId()}` },
  }),
  problems: { 'invalid-token': { provoke: (_, { send }) => send() } },
  crash: {
    sweeps: {
      unsubscribe: (world: CrashWorld): CrashScript<string> => {
        const preferences = '/api/v1/notifications/preferences';
        return {
          prepare: async () => {
            await ask(world, world.visitor, 'PUT', preferences, { kinds: {}, mail: 'digest' });
            return digest(world);
          },
          attempt: async (path) => {
            const answer = await persist(() => ask(world, undefined, 'POST', path));
            expect(answer.status, answer.text).toBe(204);
          },
          check: async () => {
            const { body } = await ask(world, world.visitor, 'GET', preferences);
            expect(body.mail).toBe('off');
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A preference is in no timeline.' },
  walk: async (scene) => {
    for (const mail of [await walkToAnswer(scene), await walkToDigest(scene)]) {
      await scene.answer(204, 'POST', oneClickPath(mail));
    }
  },
});
