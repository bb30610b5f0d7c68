import { ulid } from 'ulid';
import { expect } from 'vitest';
import { updateTemplate } from '../../shared/contract/templates/update-template.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { expectTemplatesInOrder, loadedTemplate } from '../integration/crashes/template-invariants.ts';
import { onTemplates, ownTemplate } from '../integration/matrix/template-slots.ts';
import { nextNumber } from '../integration/problems/registration.ts';
import { templateOfStage } from '../integration/problems/stage.ts';
import {
  atTheLimit,
  newDeleted,
  onDeletedTemplate,
  onGlobalTemplate,
  onTemplate,
  unknownTemplate,
} from '../integration/problems/template-provocations.ts';
import type { Provocation } from '../integration/problems/provocation.ts';
import {
  createdTemplate,
  newReply,
  newStaff,
  someFields,
  templatesPath,
} from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

const newShortcut = () => `s${ulid().slice(-12).toLowerCase()}`;

function onAnother(body: Readonly<Record<string, unknown>>, pointers: readonly string[]): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const templateId = await createdTemplate(stage.test, stage.admin, newReply());
      return send({ params: { templateId }, body });
    },
    pointers,
    changes: 'another template is created first',
  };
}

export const card = defineCard(updateTemplate, {
  matrix: onTemplates(ownTemplate, ({ home }) => ({ body: { name: `${home?.textCanary} changed` } }), { status: 200 }),
  goodRequest: (stage) => ({ ...onTemplate(stage), body: { name: `Reply ${nextNumber()}` } }),
  problems: {
    'template-not-found': unknownTemplate,
    'template-deleted': onDeletedTemplate,
    'not-platform-staff': onGlobalTemplate,
    'template-key-taken': onAnother({ key: templateOfStage.key }, ['/body/key']),
    'shortcut-taken': onAnother({ shortcut: templateOfStage.shortcut }, ['/body/shortcut']),
    'not-a-form': {
      provoke: (_, { send }) => send({ body: { fields: someFields } }),
      pointers: ['/body/fields'],
    },
    'template-limit-reached': {
      provoke: async (stage, operation) => {
        const templateId = await newDeleted(stage);
        const restore = atTheLimit((_, { send }) => send({ params: { templateId }, body: { deleted: false } }));
        return restore(stage, operation);
      },
      changes: 'a template is created and deleted first',
    },
  },
  crash: {
    sweeps: {
      'change a shortcut': (world: CrashWorld): CrashScript<{ readonly id: string; readonly shortcut: string }> => ({
        prepare: async () => ({ id: await loadedTemplate(world, 'renamed'), shortcut: newShortcut() }),
        attempt: async ({ id, shortcut }) => {
          const path = `${templatesPath}/${id}`;
          const answer = await persist(() => ask(world, world.admin, 'PATCH', path, { shortcut }));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { id, shortcut } });
        },
        check: () => expectTemplatesInOrder(world),
      }),
    },
  },
  replay: { announcesNothing: 'A template is in no timeline.' },
  walk: async (scene) => {
    const { test, admin } = scene.walker;
    const staff = await newStaff(test);
    for (const [who, more] of [
      [admin, {}],
      [staff, { scope: 'global' }],
    ] as const) {
      const id = await createdTemplate(test, who, newReply({ ...more, shortcut: newShortcut() }));
      await scene.answer(200, 'PATCH', `${templatesPath}/${id}`, who, { shortcut: newShortcut() });
    }
  },
});
