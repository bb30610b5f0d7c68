import { expect } from 'vitest';
import { passwordResetRequestedEvent } from '../../shared/contract/events/events.ts';
import { forgotPassword } from '../../shared/contract/identity/forgot-password.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { eventually, patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newUser } from '../integration/iam/walker.ts';
import { mailRequest } from '../integration/matrix/session-slots.ts';
import { untilRejected } from '../integration/problems/limit-provocations.ts';
import { slug } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(forgotPassword, {
  matrix: mailRequest,
  goodRequest: ({ bob }) => ({ by: bob, body: { tenant: slug, email: bob.email } }),
  problems: {
    'too-many-attempts': {
      provoke: (stage, { send }) => untilRejected(stage, () => send()),
      changes: 'mails are requested until the limit',
    },
  },
  crash: {
    sweeps: {
      'request a password reset': (world: CrashWorld): CrashScript<number> => {
        const requests = () =>
          world.test.run.recorder
            .sinks('event')
            .map((event) => event['detail'] as { readonly type: string; readonly data: { readonly userId?: string } })
            .filter(
              ({ type, data }) => type === passwordResetRequestedEvent.type && data.userId === world.visitor.userId,
            ).length;
        return {
          prepare: async () => requests(),
          attempt: async () => {
            const path = '/api/v1/auth/forgot-password';
            const body = { tenant: world.slug, email: world.visitor.email };
            const answer = await patiently(world, () => ask(world, undefined, 'POST', path, body));
            expect(answer.status, answer.text).toBe(202);
          },
          check: (before) => eventually('the request is published', () => requests() > before),
        };
      },
    },
  },
  replay: { announcesNothing: 'An account is in no timeline.' },
  walk: async (scene) => {
    const { email } = await newUser(scene.walker);
    const body = { tenant: scene.walker.cast.slug, email };
    await scene.answer(202, 'POST', '/api/v1/auth/forgot-password', undefined, body);
  },
});
