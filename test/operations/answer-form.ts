import { ulid } from 'ulid';
import { expect } from 'vitest';
import { answerForm } from '../../shared/contract/desk/forms.ts';
import { announce, readyAttachment, textFile } from '../integration/attachments/upload.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { answersTo, type FormInConversation, sentForm, startSupport, succeed } from '../integration/desk/desk-calls.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { conversationSlot } from '../integration/matrix/conversation-slots.ts';
import { announcedFirst } from '../integration/problems/attachment-provocations.ts';
import { contendedSlots } from '../integration/problems/contention.ts';
import { createdForIt, newSupport } from '../integration/problems/desk-provocations.ts';
import { untilRejected } from '../integration/problems/limit-provocations.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import type { Stage } from '../integration/problems/stage.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const inForm = ({ formed }: Stage) => ({ params: { conversationId: formed.conversationId }, body: answersTo(formed) });

/** A form in a new conversation of Alice. */
async function newForm(stage: Stage): Promise<FormInConversation> {
  return sentForm(stage.test, stage.agent, await newSupport(stage, 'active'));
}

const withLog = (stage: Stage, log: string) => answersTo(stage.formed, { host: 'web-3', log });

export const card = defineCard(answerForm, {
  matrix: {
    own: ({ home, person }) =>
      person === home?.guest && home !== undefined
        ? [
            {
              name: 'own',
              request: { params: { conversationId: home.support }, body: answersTo(home) },
              status: 201,
            },
          ]
        : [],
    slots: { 'path.conversationId': conversationSlot({ body: answersTo({ formSeq: 2 }) }) },
  },
  goodRequest: (stage) => ({ by: stage.alice, ...inForm(stage) }),
  problems: {
    'conversation-not-found': byStranger,
    'not-a-support-conversation': {
      provoke: ({ conversation }, { send }) => send({ params: { conversationId: conversation } }),
    },
    forbidden: { provoke: ({ agent }, { send }) => send({ by: agent }) },
    'form-not-found': { provoke: (_, { send }) => send({ body: answersTo({ formSeq: 1 }) }) },
    'invalid-answers': {
      provoke: ({ formed }, { send }) => send({ body: answersTo(formed, { color: 'blue' }) }),
      pointers: ['/body/answers/host', '/body/answers/color'],
    },
    'attachment-not-found': {
      provoke: (stage, { send }) => send({ body: withLog(stage, ulid()) }),
      pointers: ['/body/answers/log'],
    },
    'attachment-not-uploaded': {
      provoke: async (stage, { send }) => {
        const { body } = await announce(stage.test, stage.alice, stage.formed.conversationId, textFile('log'));
        return send({ body: withLog(stage, body.id as string) });
      },
      changes: announcedFirst,
      pointers: ['/body/answers/log'],
    },
    'attachment-already-sent': {
      provoke: async (stage, { send }) => {
        const log = await readyAttachment(stage.test, stage.alice, stage.formed.conversationId);
        await send({ body: withLog(stage, log) });
        return send({ body: withLog(stage, log) });
      },
      changes: announcedFirst,
      pointers: ['/body/answers/log'],
    },
    'conversation-closed': {
      provoke: async (stage, { send }) => {
        const form = await newForm(stage);
        const { conversationId } = form;
        await succeed(stage.test, stage.agent, 'POST', `/conversations/${conversationId}/close`);
        return send({ params: { conversationId }, body: answersTo(form) });
      },
      changes: createdForIt,
    },
    throttled: {
      provoke: async (stage, { send }) => {
        const form = await newForm(stage);
        const { conversationId } = form;
        return untilRejected(stage, () => send({ params: { conversationId }, body: answersTo(form) }));
      },
      changes: 'answers are sent until the limit',
    },
    'clock-skew': {
      provoke: ({ formed }, { send }) =>
        send({ body: { ...answersTo(formed), clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async ({ formed }, { send }) => {
        const body = answersTo(formed);
        await send({ body });
        return send({ body: { ...body, answers: { host: 'other' } } });
      },
      changes: 'the first of the two is written',
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const form = await newForm(stage);
        const { conversationId: conversation } = form;
        const request = { params: { conversationId: conversation }, body: answersTo(form) };
        return contendedSlots({ ...stage, conversation }, functionName, () => send(request));
      },
      changes: 'another writer takes the slots',
    },
  },
  crash: {
    sweeps: {
      'answer a form': (world: CrashWorld): CrashScript<FormInConversation & { readonly body: object }> => ({
        prepare: async () => {
          const form = await sentForm(world.test, world.desk.agent, await crashedSupport(world, 'active'));
          return { ...form, body: answersTo(form) };
        },
        attempt: async ({ conversationId, body }) => {
          const path = `/api/v1/conversations/${conversationId}/template-response`;
          const answer = await persist(() => ask(world, world.desk.customer, 'POST', path, body));
          expect([200, 201], answer.text).toContain(answer.status);
        },
        check: ({ conversationId }) =>
          closeAfterwards(world, conversationId, ['opened', 'assigned', 'form', 'form-response']),
      }),
    },
  },
  replay: async (stage) => {
    const form = await sentForm(stage.test, stage.agent, stage.support);
    await perform(stage, stage.alice, 'POST', `/conversations/${stage.support}/template-response`, answersTo(form));
  },
  walk: async (scene) => {
    const [{ agent }, customer] = [await deskOfWalk(scene), await scene.session()];
    const { test } = scene.walker;
    const form = await sentForm(test, agent, await startSupport(test, customer));
    const log = await readyAttachment(test, customer, form.conversationId);
    const path = `/api/v1/conversations/${form.conversationId}`;
    await scene.answer(201, 'POST', `${path}/template-response`, customer, answersTo(form, { host: 'web', log }));
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
