import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createTemplate } from '../../shared/contract/templates/create-template.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { expectTemplatesInOrder } from '../integration/crashes/template-invariants.ts';
import { templateOfStage } from '../integration/problems/stage.ts';
import { atTheLimit } from '../integration/problems/template-provocations.ts';
import { createdTemplate, newReply, newStaff, templatesPath } from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(createTemplate, {
  matrix: {
    own: ({ role, home }) => [
      { name: 'own', request: { body: newReply({ text: home?.textCanary ?? 'canarystaff' }) }, status: 201 },
      {
        name: 'global',
        request: { body: newReply({ scope: 'global' }) },
        ...(role === 'staff' ? { status: 201 } : { status: 403, code: 'NOT_PLATFORM_STAFF' }),
      },
    ],
    slots: {},
  },
  goodRequest: ({ admin }) => ({ by: admin, body: newReply() }),
  problems: {
    'not-platform-staff': { provoke: (_, { send }) => send({ body: newReply({ scope: 'global' }) }) },
    'template-key-taken': {
      provoke: (_, { send }) => send({ body: newReply({ key: templateOfStage.key }) }),
      pointers: ['/body/key'],
    },
    'shortcut-taken': {
      provoke: (_, { send }) => send({ body: newReply({ shortcut: templateOfStage.shortcut }) }),
      pointers: ['/body/shortcut'],
    },
    'template-limit-reached': { provoke: atTheLimit((_, { send }) => send()) },
  },
  crash: {
    sweeps: {
      'create a template': (world: CrashWorld): CrashScript<object> => ({
        prepare: async () => newReply({ shortcut: `s${ulid().slice(-12).toLowerCase()}` }),
        attempt: async (body) => {
          const answer = await persist(() => ask(world, world.admin, 'POST', templatesPath, body));
          expect([200, 201], answer.text).toContain(answer.status);
          expect(answer.body).toMatchObject(body);
        },
        check: () => expectTemplatesInOrder(world),
      }),
    },
  },
  replay: { announcesNothing: 'A template is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    await createdTemplate(test, admin, newReply({ shortcut: `s${ulid().slice(-12).toLowerCase()}` }));
    await createdTemplate(test, await newStaff(test), newReply({ scope: 'global' }));
  },
});
