import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createNote } from '../../shared/contract/desk/notes.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport, newSupport, onDirect } from '../integration/problems/desk-provocations.ts';
import { textLength } from '../integration/problems/stage.ts';
import { contendedSlots } from '../integration/problems/contention.ts';
import { inSupportOf } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const note = (text = 'Account locked.') => ({ text, clientMessageId: ulid() });

export const card = defineCard(createNote, {
  matrix: onSupport(({ home }) => ({ body: note(`${home?.textCanary} note`) }), { status: 201 }),
  goodRequest: (stage) => ({ ...inSupport(stage), body: note() }),
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'message-too-long': {
      provoke: (_, { send }) => send({ body: note('x'.repeat(textLength + 1)) }),
      pointers: ['/body/text'],
    },
    'reference-not-found': {
      provoke: ({ alice, agent }, { send }) => send({ body: { ...note(), mentions: [agent.userId, alice.userId] } }),
      pointers: ['/body/mentions/1'],
    },
    'clock-skew': {
      provoke: (_, { send }) => send({ body: { ...note(), clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (_, { send }) => {
        const body = note();
        await send({ body });
        return send({ body: { ...body, text: 'other' } });
      },
      changes: 'the first of the two is written',
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const conversation = await newSupport(stage);
        const request = { params: { conversationId: conversation } };
        return contendedSlots({ ...stage, conversation }, functionName, () => send(request));
      },
      changes: 'another writer takes the slots',
    },
  },
  crash: {
    sweeps: {
      'write a note': (world: CrashWorld): CrashScript<{ readonly id: string; readonly body: object }> => ({
        prepare: async () => ({ id: await crashedSupport(world, 'waiting'), body: note() }),
        attempt: async ({ id, body }) => {
          const path = `/api/v1/conversations/${id}/notes`;
          const answer = await persist(() => ask(world, world.desk.agent, 'POST', path, body));
          expect([200, 201], answer.text).toContain(answer.status);
        },
        check: ({ id }) => closeAfterwards(world, id, ['opened', 'note']),
      }),
    },
  },
  replay: inSupportOf('POST', '/notes', () => note()),
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start()}`;
    const mentions = [agent.userId];
    await scene.answer(201, 'POST', `${path}/notes`, agent, { ...note(), mentions });
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
