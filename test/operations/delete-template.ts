import { ulid } from 'ulid';
import { expect } from 'vitest';
import { deleteTemplate } from '../../shared/contract/templates/delete-template.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { expectTemplatesInOrder, loadedTemplate } from '../integration/crashes/template-invariants.ts';
import { onTemplates } from '../integration/matrix/template-slots.ts';
import { onGlobalTemplate, onTemplate, unknownTemplate } from '../integration/problems/template-provocations.ts';
import { createdTemplate, newReply, templatesPath } from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(deleteTemplate, {
  matrix: onTemplates(
    ({ home }) => home?.spareTemplate,
    () => ({}),
    { status: 204 },
  ),
  goodRequest: onTemplate,
  problems: { 'template-not-found': unknownTemplate, 'not-platform-staff': onGlobalTemplate },
  crash: {
    sweeps: {
      'delete a template': (world: CrashWorld): CrashScript<string> => ({
        prepare: () => loadedTemplate(world, `d${ulid().slice(-12).toLowerCase()}`),
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.admin, 'DELETE', `${templatesPath}/${id}`));
          expect(answer.status, answer.text).toBe(204);
        },
        check: async (id) => {
          const { body } = await ask(world, world.admin, 'GET', `${templatesPath}/${id}`);
          expect(body).toMatchObject({ id, deletedAt: expect.any(String) });
          await expectTemplatesInOrder(world);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A template is in no timeline.' },
  walk: async (scene) => {
    const id = await createdTemplate(scene.walker.test, scene.walker.admin, newReply());
    await scene.answer(204, 'DELETE', `${templatesPath}/${id}`, scene.walker.admin);
  },
});
