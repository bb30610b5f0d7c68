import { ulid } from 'ulid';
import { expect } from 'vitest';
import { editMessage } from '../../shared/contract/messages/edit-message.ts';
import { messageEdit } from '../../shared/contract/messages/message-changes.ts';
import { changeInFrame, changeOverHttp, type MessageChange } from '../integration/crashes/message-change-sweeps.ts';
import { onMessageFrames } from '../integration/matrix/frame-cases.ts';
import { isSender, notTheSender, onMessages } from '../integration/matrix/message-slots.ts';
import {
  changeFrameProblems,
  changeProblems,
  deleted,
  longAgo,
  onMessage,
  onMessageFrame,
  sentByBob,
} from '../integration/problems/message-provocations.ts';
import { nextNumber } from '../integration/problems/registration.ts';
import { onFirstMessage, textLength } from '../integration/problems/stage.ts';
import { inFrame, overHttp } from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const newText = 'not what it was';
const location = { latitude: 1, longitude: 2 };
const tooLong = 'x'.repeat(textLength + 1);
/** Ten minutes ahead of the server's clock. */
const skewedEdit = () => ({ text: 'skewed', clientMessageId: ulid(Date.now() + 10 * 60_000) });

const swept: MessageChange = {
  method: 'PATCH',
  path: '',
  body: ({ clientMessageId }) => ({ text: newText, clientMessageId }),
  action: messageEdit.action,
  data: ({ clientMessageId }) => ({ text: newText, clientMessageId }),
  expected: () => ({ text: newText, editedAt: expect.any(String) }),
  versions: 2,
};

export const card = defineCard(editMessage, {
  matrix: onMessages(
    (caller, request) => [{ request, ...(isSender(caller) ? { status: 200 } : notTheSender) }],
    ({ home }) => ({ body: { text: `${home?.textCanary} edited` } }),
  ),
  goodRequest: (stage) => ({ ...onFirstMessage(stage), body: { text: `edited ${nextNumber()}` } }),
  problems: {
    ...changeProblems(),
    'not-the-sender': onMessage(sentByBob),
    'message-deleted': onMessage(deleted),
    'edit-window-over': onMessage(longAgo),
    'message-not-editable': { provoke: (_, { send }) => send({ body: { location } }) },
    'message-too-long': { provoke: (_, { send }) => send({ body: { text: tooLong } }), pointers: ['/body/text'] },
    'clock-skew': { provoke: (_, { send }) => send({ body: skewedEdit() }) },
    'idempotency-conflict': {
      provoke: async (_, { send }) => {
        const clientMessageId = ulid();
        await send({ body: { text: `one ${clientMessageId.slice(-8)}`, clientMessageId } });
        return send({ body: { text: 'or other', clientMessageId } });
      },
      changes: 'the first of the two edits is stored',
    },
  },
  crash: { sweeps: { 'edit over HTTP': changeOverHttp(swept) } },
  replay: overHttp(
    'PATCH',
    (seq) => `/messages/${seq}`,
    () => ({ text: 'better' }),
  ),
  walk: async (scene) => {
    const [{ from }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    // Sending may already have removed the dead connection.
    const body = { text: 'edited', clientMessageId: ulid() };
    await scene.answer(200, 'PATCH', `${path}/messages/${seq}`, from, body);
    await scene.received((frame) => frame.type === 'message.updated' && frame.data.seq === seq);
  },
});

export const frameCard = defineFrameCard(messageEdit, {
  matrix: onMessageFrames({ text: 'framed' }, true),
  goodFrame: ({ conversation }) => ({
    conversationId: conversation,
    seq: 1,
    text: `framed ${ulid().slice(-8)}`,
  }),
  problems: {
    ...changeFrameProblems(),
    'not-the-sender': onMessageFrame(sentByBob),
    'message-deleted': onMessageFrame(deleted),
    'edit-window-over': onMessageFrame(longAgo),
    'message-not-editable': { provoke: (_, { send }) => send({ text: undefined, location }) },
    'message-too-long': { provoke: (_, { send }) => send({ text: tooLong }), pointers: ['/data/text'] },
    'clock-skew': { provoke: (_, { send }) => send(skewedEdit()) },
    'idempotency-conflict': {
      provoke: async (_, { send }) => {
        const clientMessageId = ulid();
        await send({ clientMessageId });
        return send({ text: 'or other', clientMessageId });
      },
      changes: 'the first of the two edits is stored',
    },
  },
  crash: { sweeps: { 'edit over the socket': changeInFrame(swept) } },
  replay: inFrame('message.edit', (seq) => ({ seq, text: 'better' })),
  walk: async (scene) => {
    const [{ id }, { seq }, socket] = await Promise.all([scene.audience(), scene.message(), scene.socket()]);
    const answer = await scene.request(socket, 'message.edit', { conversationId: id, seq, text: 'edited' });
    expect(answer.type).toBe('ack');
    await scene.received((frame) => frame.type === 'message.updated' && frame.data.seq === seq);
  },
});
