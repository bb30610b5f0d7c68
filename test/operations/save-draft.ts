import { expect } from 'vitest';
import { saveDraft } from '../../shared/contract/drafts/save-draft.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import { inConversation, textLength } from '../integration/problems/stage.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

const good = { body: { text: 'later' } };
const pathIn = ({ conversation }: CrashWorld) => `/api/v1/conversations/${conversation}/draft`;

export const card = defineCard(saveDraft, {
  matrix: {
    own: (caller) =>
      inOwn(caller, [
        { request: good, status: 200 },
        {
          name: 'an old revision',
          request: { body: { text: 'other', revision: 1 } },
          ...{ status: 409, code: 'DRAFT_CHANGED' },
        },
      ]),
    slots: { 'path.conversationId': conversationSlot(good) },
  },
  goodRequest: (stage) => ({ ...inConversation(stage), ...good }),
  problems: {
    'conversation-not-found': byStranger,
    'draft-changed': {
      provoke: (_, { send }) => send({ body: { text: 'other', revision: 1 } }),
      pointers: ['/body/revision'],
    },
    'message-too-long': {
      provoke: (_, { send }) => send({ body: { text: 'x'.repeat(textLength + 1) } }),
      pointers: ['/body/text'],
    },
  },
  crash: {
    sweeps: {
      'save and delete a draft': (world: CrashWorld): CrashScript<undefined> => ({
        prepare: async () => undefined,
        attempt: async () => {
          const path = pathIn(world);
          const saved = await persist(() => ask(world, world.alice, 'PUT', path, { text: 'first' }));
          expect(saved, saved.text).toMatchObject({ status: 200, body: { text: 'first' } });
          const { revision } = saved.body as { readonly revision: number };
          const next = { text: 'second', revision };
          const changed = await persist(() => ask(world, world.alice, 'PUT', path, next));
          expect(changed, changed.text).toMatchObject({
            status: 200,
            body: { text: 'second', revision: revision + 1 },
          });
          const deleted = await persist(() => ask(world, world.alice, 'DELETE', `${path}?revision=${revision + 1}`));
          expect(deleted.status, deleted.text).toBe(204);
        },
        check: async () => {
          expect((await ask(world, world.alice, 'GET', pathIn(world))).status).toBe(404);
        },
      }),
    },
  },
  replay: (stage) => perform(stage, stage.alice, 'PUT', `/conversations/${stage.direct}/draft`, good.body),
  walk: async (scene) => {
    const { to, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}/draft`;
    const { revision } = await scene.answer(200, 'PUT', path, to, { text: 'one' });
    await scene.received((frame) => frame.type === 'draft.updated' && frame.data.text === 'one');
    await scene.answer(200, 'PUT', path, to, { text: 'two', replyTo: 1, revision });
  },
});
