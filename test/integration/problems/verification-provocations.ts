import type { call } from '../raw-client.ts';
import { password } from '../system/world.ts';
import { registration } from './good-requests.ts';
import { send } from './implied-provocations.ts';
import type { Provocation } from './provocation.ts';
import { forgetAttempts, type Stage, strictSlug } from './stage.ts';

/** Provokes the problems of verifying addresses. */

/** Sends requests until the limit; then resets it for later tests. */
export async function untilRefused(stage: Stage, ask: () => Promise<Awaited<ReturnType<typeof call>>>) {
  for (let attempt = 1; attempt <= 110; attempt += 1) {
    const answer = await ask();
    if (answer.status !== 429) continue;
    await forgetAttempts(stage);
    return answer;
  }
  throw new Error('No limit refused a hundred attempts');
}

/** The mailed token of a registration with the tenant that requires verified addresses. */
async function verificationToken(stage: Stage): Promise<string> {
  const body = { ...registration(), tenant: strictSlug, password, passwordConfirm: password };
  const answer = await send(stage, 'register', { body });
  if (answer.status !== 202) throw new Error(answer.text);
  await stage.test.run.settled();
  const mail = JSON.stringify(stage.test.run.recorder.sinks('mail').at(-1));
  if (!mail.includes(body.email)) throw new Error('The newest mail is not about the registration');
  return /verify-email#token=([\w-]+)/.exec(mail)?.[1] ?? '';
}

export const verificationProvocations = {
  verifyEmail: {
    'invalid-token': { provoke: (stage) => send(stage, 'verifyEmail') },
    'invalid-credentials': {
      provoke: async (stage) =>
        send(stage, 'verifyEmail', { body: { token: await verificationToken(stage), password: 'x' } }),
      changes: 'the link is mailed for it',
    },
    'username-taken': {
      provoke: async (stage) =>
        send(stage, 'verifyEmail', {
          body: { token: await verificationToken(stage), password, username: stage.unverified.username },
        }),
      changes: 'the link is mailed for it',
    },
    'too-many-attempts': {
      provoke: async (stage) => {
        const token = await verificationToken(stage);
        return untilRefused(stage, () => send(stage, 'verifyEmail', { body: { token, password: 'x' } }));
      },
      changes: 'the link is mailed for it',
    },
  },
  resendVerification: {
    'too-many-attempts': {
      provoke: (stage) => untilRefused(stage, () => send(stage, 'resendVerification')),
      changes: 'mails are asked for until it is too often',
    },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, Provocation>>>>;
