import { expect } from 'vitest';
import { emailVerificationRequestedEvent } from '../../shared/contract/events/events.ts';
import { resendVerification } from '../../shared/contract/identity/resend-verification.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { eventually, patiently } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newUser } from '../integration/iam/walker.ts';
import { mailRequest } from '../integration/matrix/session-slots.ts';
import { untilRejected } from '../integration/problems/limit-provocations.ts';
import { slug } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(resendVerification, {
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
      'request another verification link': (world: CrashWorld): CrashScript<number> => {
        const requests = () =>
          world.test.run.recorder
            .sinks('event')
            .filter((event) => (event['detail'] as { type: string }).type === emailVerificationRequestedEvent.type)
            .length;
        return {
          prepare: async () => requests(),
          attempt: async () => {
            const path = '/api/v1/auth/resend-verification';
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
    await scene.answer(202, 'POST', '/api/v1/auth/resend-verification', undefined, body);
  },
});
