import { ulid } from 'ulid';
import { expect } from 'vitest';
import { messageSend } from '../../shared/contract/messages/message-send.ts';
import { sendMessage } from '../../shared/contract/messages/send-message.ts';
import { announce, readyAttachment } from '../integration/attachments/upload.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { closeAfterwards, crashedSupport } from '../integration/crashes/desk-world.ts';
import { complaintOf, persist, persistFrame } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import type { Caller } from '../integration/matrix/caller.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { inConversationFrames } from '../integration/matrix/frame-cases.ts';
import { falsePicture } from '../integration/problems/attachment-provocations.ts';
import { contendedSlots, withOwnGroup } from '../integration/problems/contention.ts';
import { createdForIt, newSupport, repliedSupport } from '../integration/problems/desk-provocations.ts';
import { byStranger, byStrangerFrame } from '../integration/problems/message-provocations.ts';
import type { FrameProblem } from '../integration/problems/provocation.ts';
import { withSocket } from '../integration/problems/send-frame.ts';
import { inConversation, messagesPerMinute, type Stage, textLength } from '../integration/problems/stage.ts';
import { call } from '../integration/raw-client.ts';
import { inFrame, withMessage } from '../integration/replay/replay-stage.ts';
import { newMessage } from '../integration/system/new-message.ts';
import type { Person } from '../integration/system/world.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const canaryMessage = ({ home }: Caller, suffix: string) => newMessage(`${home?.textCanary} ${suffix}`);

/** Ten minutes ahead of the server's clock. */
const skewed = () => ({ clientMessageId: ulid(Date.now() + 10 * 60_000) });

const fileMessage = (attachmentId: string) => ({
  type: 'file',
  attachments: [attachmentId],
  clientMessageId: ulid(),
});

/** The file was announced but not uploaded. */
async function messageOfAnnouncedFile({ test, alice, conversation }: Stage) {
  const { body } = await announce(test, alice, conversation, falsePicture);
  return fileMessage(body.id);
}

/** Another message already contains the file. */
async function messageOfSentFile(
  { test, alice, conversation }: Stage,
  send: (message: ReturnType<typeof fileMessage>) => Promise<unknown>,
) {
  const attachmentId = await readyAttachment(test, alice, conversation);
  await send(fileMessage(attachmentId));
  return fileMessage(attachmentId);
}

const announcedFirst = 'a file is announced, and perhaps sent, first';
const untilTheLimit = 'messages are sent until the limit';
const firstIsSent = 'the first of the two is sent';
const othersAdvance = 'others take the slots in its place';

interface DeskSend {
  readonly id: string;
  readonly body: ReturnType<typeof newMessage>;
}

async function sendToDesk(world: CrashWorld, by: Person, id: string, body: object): Promise<void> {
  const answer = await persist(() => ask(world, by, 'POST', `/api/v1/conversations/${id}/messages`, body));
  expect([200, 201], answer.text).toContain(answer.status);
}

export const card = defineCard(sendMessage, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: { body: canaryMessage(caller, 'sent') }, status: 201 }]),
    slots: {
      'path.conversationId': (caller) => conversationSlot({ body: canaryMessage(caller, 'sent') })(caller),
    },
  },
  goodRequest: (stage) => ({ ...inConversation(stage), body: newMessage() }),
  problems: {
    'attachment-not-found': { provoke: (_, { send }) => send({ body: fileMessage(ulid()) }), changes: announcedFirst },
    'attachment-not-uploaded': {
      provoke: async (stage, { send }) => send({ body: await messageOfAnnouncedFile(stage) }),
      changes: announcedFirst,
    },
    'attachment-already-sent': {
      provoke: async (stage, { send }) =>
        send({ body: await messageOfSentFile(stage, (message) => send({ body: message })) }),
      changes: announcedFirst,
    },
    'conversation-not-found': byStranger,
    'message-too-long': {
      provoke: (_, { send }) => send({ body: newMessage('x'.repeat(textLength + 1)) }),
      pointers: ['/body/text'],
    },
    'reference-not-found': {
      provoke: (_, { send }) => send({ body: { ...newMessage(), replyTo: 999_999 } }),
      pointers: ['/body/replyTo'],
    },
    throttled: {
      // The limit covers the last minute.
      provoke: async (stage, { send }) => {
        for (let count = 0; count <= messagesPerMinute; count += 1) {
          const answer = await send({ by: stage.bob, body: newMessage() });
          if (answer.status === 429) return answer;
        }
        throw new Error(`The tenant accepts more than ${messagesPerMinute} messages`);
      },
      changes: untilTheLimit,
    },
    'clock-skew': { provoke: (_, { send }) => send({ body: { ...newMessage(), ...skewed() } }) },
    'idempotency-conflict': {
      provoke: async (_, { send }) => {
        const body = newMessage();
        await send({ body });
        return send({ body: { ...body, text: 'other' } });
      },
      changes: firstIsSent,
    },
    'conversation-closed': {
      provoke: async (stage, { send }) => send({ params: { conversationId: await newSupport(stage, 'closed') } }),
      changes: createdForIt,
    },
    'newer-reply': {
      provoke: async (stage, { send }) => {
        const params = { conversationId: await repliedSupport(stage) };
        return send({ by: stage.colleague, params, body: { ...newMessage(), seenSeq: 1 } });
      },
      changes: createdForIt,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const own = await withOwnGroup(stage);
        return contendedSlots(own, functionName, () => send(inConversation(own)));
      },
      changes: othersAdvance,
    },
  },
  crash: {
    sweeps: {
      'send over HTTP': (world: CrashWorld): CrashScript<ReturnType<typeof newMessage>> => ({
        prepare: async () => newMessage(),
        attempt: async (body) => {
          const path = `/api/v1/conversations/${world.conversation}/messages`;
          const answer = await persist(() => ask(world, world.alice, 'POST', path, body));
          expect([200, 201], answer.text).toContain(answer.status);
          expect(answer.body.clientMessageId).toBe(body.clientMessageId);
          world.acknowledged.add(body.clientMessageId);
        },
      }),
      'reopen a conversation with a message': (world: CrashWorld): CrashScript<DeskSend> => ({
        prepare: async () => ({ id: await crashedSupport(world, 'resolved'), body: newMessage() }),
        attempt: ({ id, body }) => sendToDesk(world, world.desk.customer, id, body),
        check: ({ id }) => closeAfterwards(world, id, ['opened', 'assigned', 'resolved', 'text', 'assigned']),
      }),
      'answer a customer': (world: CrashWorld): CrashScript<DeskSend> => ({
        prepare: async () => ({ id: await crashedSupport(world, 'active'), body: newMessage() }),
        attempt: ({ id, body }) => sendToDesk(world, world.desk.agent, id, body),
        check: ({ id }) => closeAfterwards(world, id, ['opened', 'assigned', 'text']),
      }),
    },
  },
  replay: withMessage(async () => undefined),
  walk: async (scene) => {
    const body = newMessage();
    await scene.message(body);
    await scene.received((frame) => frame.data?.clientMessageId === body.clientMessageId);
  },
});

export const frameCard = defineFrameCard(messageSend, {
  matrix: inConversationFrames((caller) => canaryMessage(caller, 'framed')),
  goodFrame: ({ conversation }) => ({ conversationId: conversation, ...newMessage() }),
  problems: {
    'attachment-not-found': {
      provoke: (_, { send }) => send({ ...fileMessage(ulid()), text: undefined }),
      changes: announcedFirst,
    },
    'attachment-not-uploaded': {
      provoke: async (stage, { send }) => send({ ...(await messageOfAnnouncedFile(stage)), text: undefined }),
      changes: announcedFirst,
    },
    'attachment-already-sent': {
      provoke: async (stage, { send }) => {
        const message = await messageOfSentFile(stage, (first) => send({ ...first, text: undefined }));
        return send({ ...message, text: undefined });
      },
      changes: announcedFirst,
    },
    'conversation-not-found': byStrangerFrame,
    'message-too-long': {
      provoke: (_, { send }) => send({ text: 'x'.repeat(textLength + 1) }),
      pointers: ['/data/text'],
    },
    'reference-not-found': {
      provoke: (stage, { send }) => send({ mentions: [stage.stranger.userId] }),
      pointers: ['/data/mentions/0'],
    },
    throttled: {
      provoke: (stage, { data }) =>
        withSocket(stage, stage.bob, async (socket) => {
          for (let count = 0; count <= messagesPerMinute; count += 1) {
            const answer = (await socket.request('message.send', { ...data, ...newMessage() })) as FrameProblem;
            if (answer.type === 'error') return answer;
          }
          throw new Error(`The tenant accepts more than ${messagesPerMinute} messages`);
        }),
      changes: untilTheLimit,
    },
    'clock-skew': { provoke: (_, { send }) => send(skewed()) },
    'idempotency-conflict': {
      // Both transports recognise a message by its id.
      provoke: async (stage, { data, send }) => {
        const { conversationId: _, ...body } = data;
        const path = `/api/v1/conversations/${stage.conversation}/messages`;
        await call(stage.test.url, 'POST', path, { token: stage.alice.token, body });
        return send({ text: 'other' });
      },
      changes: firstIsSent,
    },
    'conversation-closed': {
      provoke: async (stage, { send }) => send({ conversationId: await newSupport(stage, 'closed') }),
      changes: createdForIt,
    },
    'newer-reply': {
      provoke: async (stage, { send }) =>
        send({ conversationId: await repliedSupport(stage), seenSeq: 1 }, stage.colleague),
      changes: createdForIt,
    },
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const own = await withOwnGroup(stage);
        return contendedSlots(own, functionName, () => send({ conversationId: own.conversation }));
      },
      changes: othersAdvance,
    },
  },
  crash: {
    sweeps: {
      'send over the socket': (
        world: CrashWorld,
      ): CrashScript<{ readonly body: ReturnType<typeof newMessage>; readonly after: number }> => ({
        prepare: async () => ({ body: newMessage(), after: world.bobSocket.frames.length }),
        attempt: async ({ body }) => {
          const data = { conversationId: world.conversation, ...body };
          const answer = await persistFrame(world.bobSocket, 'message.send', data);
          expect(answer).toMatchObject({ type: 'ack', data: { clientMessageId: body.clientMessageId } });
          world.acknowledged.add(body.clientMessageId);
        },
        check: ({ after }, point) => complaintOf(world.bobSocket, after, point),
      }),
    },
  },
  replay: inFrame('message.send', () => newMessage('in a frame')),
  walk: async (scene) => {
    const [{ id }, socket] = await Promise.all([scene.audience(), scene.socket()]);
    const body = newMessage();
    const answer = await scene.request(socket, 'message.send', { conversationId: id, ...body });
    expect(answer.type).toBe('ack');
    await scene.received((frame) => frame.data?.clientMessageId === body.clientMessageId);
  },
});
