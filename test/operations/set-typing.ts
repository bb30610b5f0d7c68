import { expect } from 'vitest';
import { typingStart, typingStop } from '../../shared/contract/receipts/receipt-actions.ts';
import { setTyping } from '../../shared/contract/receipts/set-typing.ts';
import type { OperationWalk } from '../integration/iam/walk-scene.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { inConversationFrames } from '../integration/matrix/frame-cases.ts';
import { byStranger, byStrangerFrame } from '../integration/problems/message-provocations.ts';
import { inConversation, type Stage } from '../integration/problems/stage.ts';
import { inFrame, inTurn, overHttp } from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const typing = { body: { typing: true } };
const crash = { writesNothing: 'Typing is sent to connected clients and not stored.' };
const inFrames = {
  matrix: inConversationFrames(() => ({})),
  goodFrame: ({ conversation }: Stage) => ({ conversationId: conversation }),
  problems: { 'conversation-not-found': byStrangerFrame },
  crash,
};

function typingWalk(actions: readonly string[], event: string): OperationWalk {
  return async (scene) => {
    const [{ id }, socket] = await Promise.all([scene.audience(), scene.socket()]);
    for (const action of actions) {
      const answer = await scene.request(socket, action, { conversationId: id });
      expect(answer.type).toBe('ack');
    }
    await scene.received((frame) => frame.type === event);
  };
}

export const card = defineCard(setTyping, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: typing, status: 204 }]),
    slots: { 'path.conversationId': conversationSlot(typing) },
  },
  goodRequest: (stage) => ({ ...inConversation(stage), ...typing }),
  problems: { 'conversation-not-found': byStranger },
  crash,
  replay: overHttp(
    'POST',
    () => '/typing',
    () => typing.body,
  ),
  walk: async (scene) => {
    const { from, id } = await scene.audience();
    await scene.answer(204, 'POST', `/api/v1/conversations/${id}/typing`, from, typing.body);
    await scene.received((frame) => frame.type === 'typing.started');
  },
});

export const startCard = defineFrameCard(typingStart, {
  ...inFrames,
  replay: inFrame('typing.start', () => ({})),
  walk: typingWalk(['typing.start'], 'typing.started'),
});

export const stopCard = defineFrameCard(typingStop, {
  ...inFrames,
  replay: inTurn(
    inFrame('typing.start', () => ({})),
    inFrame('typing.stop', () => ({})),
  ),
  walk: typingWalk(['typing.start', 'typing.stop'], 'typing.stopped'),
});
