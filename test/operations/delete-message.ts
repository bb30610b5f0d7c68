import { expect } from 'vitest';
import { deleteMessage } from '../../shared/contract/messages/delete-message.ts';
import { messageDelete } from '../../shared/contract/messages/message-changes.ts';
import { changeInFrame, changeOverHttp, type MessageChange } from '../integration/crashes/message-change-sweeps.ts';
import { onMessageFrames } from '../integration/matrix/frame-cases.ts';
import { isSender, notTheSender, onMessages } from '../integration/matrix/message-slots.ts';
import {
  aSystemMessage,
  changeFrameProblems,
  changeProblems,
  longAgo,
  onMessage,
  onMessageFrame,
  sentByBob,
} from '../integration/problems/message-provocations.ts';
import { onFirstMessage } from '../integration/problems/stage.ts';
import { inFrame, overHttp } from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const swept: MessageChange = {
  method: 'DELETE',
  path: '',
  action: messageDelete.action,
  data: () => ({}),
  expected: () => ({ deletedAt: expect.any(String), text: undefined }),
  versions: 0,
};

const framesOnMessages = onMessageFrames({}, true);

export const card = defineCard(deleteMessage, {
  // Every caller reads this message, so only callers who may not delete it try to.
  matrix: onMessages((caller, request) => (isSender(caller) ? [] : [{ request, ...notTheSender }])),
  goodRequest: (stage) => onFirstMessage(stage),
  problems: {
    ...changeProblems(),
    'not-the-sender': onMessage(sentByBob),
    'message-not-editable': onMessage(aSystemMessage),
    'edit-window-over': onMessage(longAgo),
  },
  crash: { sweeps: { 'delete over HTTP': changeOverHttp(swept) } },
  replay: overHttp('DELETE', (seq) => `/messages/${seq}`),
  walk: async (scene) => {
    const [{ from }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'DELETE', `${path}/messages/${seq}`, from);
    await scene.received((frame) => frame.type === 'message.deleted' && frame.data.seq === seq);
  },
});

export const frameCard = defineFrameCard(messageDelete, {
  matrix: {
    ...framesOnMessages,
    own: (caller) => framesOnMessages.own(caller).filter(({ answer }) => answer !== 'ack'),
  },
  goodFrame: ({ conversation }) => ({ conversationId: conversation, seq: 1 }),
  problems: {
    ...changeFrameProblems(),
    'not-the-sender': onMessageFrame(sentByBob),
    'message-not-editable': onMessageFrame(aSystemMessage),
    'edit-window-over': onMessageFrame(longAgo),
  },
  crash: { sweeps: { 'delete over the socket': changeInFrame(swept) } },
  replay: inFrame('message.delete', (seq) => ({ seq })),
  walk: async (scene) => {
    const [{ id }, { seq }, socket] = await Promise.all([scene.audience(), scene.message(), scene.socket()]);
    const answer = await scene.request(socket, 'message.delete', { conversationId: id, seq });
    expect(answer.type).toBe('ack');
    await scene.received((frame) => frame.type === 'message.deleted' && frame.data.seq === seq);
  },
});
