import { expect } from 'vitest';
import { receiptUpdate } from '../../shared/contract/receipts/receipt-actions.ts';
import { updateReceipts } from '../../shared/contract/receipts/update-receipts.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { sentMessage } from '../integration/crashes/message-change-sweeps.ts';
import { complaintOf, persist, persistFrame } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { inConversationFrames } from '../integration/matrix/frame-cases.ts';
import { byStranger, byStrangerFrame } from '../integration/problems/message-provocations.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { inFrame, inTurn, overHttp, perform } from '../integration/replay/replay-stage.ts';
import { newMessage } from '../integration/system/new-message.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const receipt = { body: { deliveredSeq: 1 } };
const beyondTheEnd = 999_999;
const beyond = { status: 422, code: 'POSITION_BEYOND_END' };

const asBob = (world: CrashWorld) => ask(world, world.bob, 'GET', `/api/v1/conversations/${world.conversation}`);

const receiptsPath = ({ conversation }: CrashWorld) => `/api/v1/conversations/${conversation}/receipts`;

export const card = defineCard(updateReceipts, {
  matrix: {
    own: (caller) =>
      inOwn(caller, [
        { request: receipt, status: 200 },
        { name: 'beyond the end', request: { body: { readSeq: beyondTheEnd } }, ...beyond },
        { name: 'an unread mark beyond the end', request: { body: { unreadFrom: beyondTheEnd } }, ...beyond },
      ]),
    slots: {
      'path.conversationId': (caller) => [
        ...conversationSlot(receipt)(caller),
        ...conversationSlot({ body: { unreadFrom: beyondTheEnd } })(caller).map((slot) => ({
          ...slot,
          name: `${slot.name}, beyond the end`,
        })),
      ],
    },
  },
  goodRequest: (stage) => ({ ...inConversation(stage), ...receipt }),
  problems: {
    'conversation-not-found': byStranger,
    'position-beyond-end': {
      provoke: (_, { send }) => send({ body: { deliveredSeq: 1, readSeq: beyondTheEnd } }),
      pointers: ['/body/readSeq'],
    },
  },
  crash: {
    sweeps: {
      read: (world: CrashWorld): CrashScript<number> => ({
        prepare: () => sentMessage(world, 'alice'),
        attempt: async (seq) => {
          const answer = await persist(() => ask(world, world.bob, 'POST', receiptsPath(world), { readSeq: seq }));
          expect(answer, answer.text).toMatchObject({ status: 200, body: { deliveredSeq: seq, readSeq: seq } });
        },
        check: async (seq) => {
          const { body } = await asBob(world);
          expect(body.unreadCount).toBe(0);
          expect(body.participants).toContainEqual(expect.objectContaining({ userId: world.bob.userId, readSeq: seq }));
        },
      }),
    },
  },
  replay: inTurn(
    overHttp(
      'POST',
      () => '/receipts',
      (readSeq) => ({ readSeq }),
    ),
    async (stage) => {
      const { lastSeq } = await perform(stage, stage.bob, 'GET', `/conversations/${stage.direct}`);
      const path = `/conversations/${stage.direct}/receipts`;
      await perform(stage, stage.bob, 'POST', path, { deliveredSeq: lastSeq });
    },
  ),
  walk: async (scene) => {
    const { from, to, id } = await scene.audience();
    const path = `/api/v1/conversations/${id}`;
    const { seq } = await scene.answer(201, 'POST', `${path}/messages`, to, newMessage());
    await scene.answer(200, 'POST', `${path}/receipts`, from, { readSeq: seq });
    await scene.received((frame) => frame.type === 'receipt.updated');
    await scene.answer(200, 'POST', `${path}/receipts`, from, { unreadFrom: seq });
  },
});

export const frameCard = defineFrameCard(receiptUpdate, {
  matrix: inConversationFrames(() => receipt.body),
  goodFrame: ({ conversation }) => ({ conversationId: conversation, ...receipt.body }),
  problems: {
    'conversation-not-found': byStrangerFrame,
    'position-beyond-end': {
      provoke: (_, { send }) => send({ deliveredSeq: undefined, unreadFrom: beyondTheEnd }),
      pointers: ['/data/unreadFrom'],
    },
  },
  crash: {
    sweeps: {
      'mark as unread over the socket': (
        world: CrashWorld,
      ): CrashScript<{ readonly seq: number; readonly after: number }> => ({
        prepare: async () => {
          const seq = await sentMessage(world, 'alice');
          await ask(world, world.bob, 'POST', receiptsPath(world), { readSeq: seq });
          return { seq, after: world.bobSocket.frames.length };
        },
        attempt: async ({ seq }) => {
          const data = { conversationId: world.conversation, unreadFrom: seq };
          const answer = await persistFrame(world.bobSocket, 'receipt.update', data);
          expect(answer).toMatchObject({ type: 'ack', data: { readSeq: seq, unreadCount: 1 } });
        },
        check: async ({ after }, point) => {
          await complaintOf(world.bobSocket, after, point);
          expect((await asBob(world)).body.unreadCount).toBe(1);
        },
      }),
    },
  },
  replay: inFrame('receipt.update', (deliveredSeq) => ({ deliveredSeq })),
  walk: async (scene) => {
    const [{ id, live }, { seq }] = await Promise.all([scene.audience(), scene.message()]);
    const answer = await scene.request(live, 'receipt.update', { conversationId: id, readSeq: seq });
    expect(answer.type).toBe('ack');
  },
});
