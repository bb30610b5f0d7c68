import { ulid } from 'ulid';
import { expect } from 'vitest';
import { renderTemplate } from '../../shared/contract/templates/render-template.ts';
import { keys } from '../../shared/core/table/keys.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { loadedTemplate } from '../integration/crashes/template-invariants.ts';
import { onTemplates, ownTemplate } from '../integration/matrix/template-slots.ts';
import { onTemplate, unknownTemplate } from '../integration/problems/template-provocations.ts';
import { createdTemplate, newReply, templatesPath } from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

interface Use {
  readonly id: string;
  readonly before: number;
  readonly clientMessageId: string;
}

async function usesOf({ tables, prefix }: CrashWorld, id: string): Promise<number> {
  const { pk, sk } = keys.templateUses(id);
  return Number((await tables.get(prefix + pk, sk))?.['uses'] ?? 0);
}

export const card = defineCard(renderTemplate, {
  matrix: onTemplates(
    ownTemplate,
    ({ home }) => ({ body: { values: { name: home?.canary ?? 'staff' }, clientMessageId: ulid() } }),
    { status: 200 },
  ),
  goodRequest: (stage) => ({ ...onTemplate(stage), by: stage.alice, body: { clientMessageId: ulid() } }),
  problems: { 'template-not-found': unknownTemplate },
  crash: {
    sweeps: {
      'render a template': (world: CrashWorld): CrashScript<Use> => ({
        prepare: async () => {
          const id = await loadedTemplate(world, 'rendered');
          return { id, before: await usesOf(world, id), clientMessageId: ulid() };
        },
        attempt: async ({ id, clientMessageId }) => {
          const body = { values: { name: 'Ada' }, clientMessageId };
          const answer = await persist(() => ask(world, world.alice, 'POST', `${templatesPath}/${id}/render`, body));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { text: 'Hello Ada', unresolved: [] } });
        },
        check: async ({ id, before }) => {
          expect(await usesOf(world, id)).toBe(before + 1);
        },
      }),
    },
  },
  replay: { announcesNothing: 'It sends no message.' },
  walk: async (scene) => {
    const id = await createdTemplate(scene.walker.test, scene.walker.admin, newReply());
    const body = { clientMessageId: ulid() };
    await scene.answer(200, 'POST', `${templatesPath}/${id}/render`, await scene.session(), body);
  },
});
