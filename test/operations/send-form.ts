import { ulid } from 'ulid';
import { expect } from 'vitest';
import { sendForm } from '../../shared/contract/desk/forms.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { formTemplate } from '../integration/desk/desk-calls.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport, templatesOfBodySlot, withinOwnSupport } from '../integration/matrix/support-slots.ts';
import {
  byOtherAgent,
  createdForIt,
  inSupport,
  newSupport,
  onDirect,
  reply,
  repliedSupport,
  whenIn,
  whileBusy,
} from '../integration/problems/desk-provocations.ts';
import { untilRejected } from '../integration/problems/limit-provocations.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const form = (templateId: string | undefined) => ({ templateId: templateId ?? ulid(), clientMessageId: ulid() });

const matrix = onSupport(({ home }) => ({ body: form(home?.form) }), { status: 201 });

export const card = defineCard(sendForm, {
  matrix: {
    ...matrix,
    slots: {
      ...matrix.slots,
      'body.templateId': withinOwnSupport(
        (request) => templatesOfBodySlot(request),
        (templateId) => form(templateId),
      ),
    },
  },
  goodRequest: (stage) => ({ ...inSupport(stage), body: form(stage.form) }),
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'template-not-found': { provoke: (_, { send }) => send({ body: form(undefined) }) },
    'not-a-form': { provoke: (stage, { send }) => send({ body: form(stage.template) }) },
    'conversation-closed': whenIn('closed'),
    'newer-reply': {
      provoke: async (stage, { send }) => {
        const conversationId = await repliedSupport(stage);
        const body = { ...form(stage.form), seenSeq: 1 };
        return send({ by: stage.colleague, params: { conversationId }, body });
      },
      changes: createdForIt,
    },
    throttled: {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage, 'active');
        return untilRejected(stage, () => send({ params: { conversationId }, body: form(stage.form) }));
      },
      changes: 'forms are sent until the limit',
    },
    'clock-skew': {
      provoke: (stage, { send }) =>
        send({ body: { ...form(stage.form), clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (stage, { send }) => {
        const conversationId = await newSupport(stage, 'active');
        const { clientMessageId } = await reply(stage, conversationId);
        return send({
          params: { conversationId },
          body: { ...form(stage.form), clientMessageId: clientMessageId as string },
        });
      },
      changes: createdForIt,
    },
    'conversation-busy': whileBusy('active', (stage) => form(stage.form)),
  },
  crash: {
    sweeps: {
      'send a form': (world: CrashWorld): CrashScript<{ readonly id: string; readonly body: object }> => ({
        prepare: async () => ({
          id: await crashedSupport(world, 'active'),
          body: form(await formTemplate(world.test)),
        }),
        attempt: async ({ id, body }) => {
          const path = `/api/v1/conversations/${id}/forms`;
          const answer = await persist(() => ask(world, world.desk.agent, 'POST', path, body));
          expect([200, 201], answer.text).toContain(answer.status);
        },
        check: ({ id }) => closeAfterwards(world, id, ['opened', 'assigned', 'form']),
      }),
    },
  },
  replay: async (stage) => {
    const body = form(await formTemplate(stage.test));
    await perform(stage, stage.agent, 'POST', `/conversations/${stage.support}/forms`, body);
  },
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    await scene.answer(201, 'POST', `${path}/forms`, agent, form(await formTemplate(scene.walker.test)));
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
