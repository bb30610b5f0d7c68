import { ulid } from 'ulid';
import { announce, readyAttachment } from '../attachments/upload.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { HttpAnswer } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { falsePicture } from './attachment-provocations.ts';
import { contendedSlots } from './contention.ts';
import { createdForIt, newSupport, reply } from './desk-provocations.ts';
import type { Provocation, ProvokedOperation } from './provocation.ts';
import { messagesPerMinute, type Stage, textLength } from './stage.ts';

type Send = ProvokedOperation['send'];
type Message = Readonly<Record<string, unknown>>;

interface Started {
  readonly conversation: string;
  /** Repeats the start with a message. */
  readonly again: (message: Message) => Promise<HttpAnswer>;
}

async function started(stage: Stage, send: Send): Promise<Started> {
  const body = { kind: 'support', clientConversationId: ulid() };
  const conversation = await newSupport(stage, 'waiting', body);
  return { conversation, again: (message) => send({ body: { ...body, message } }) };
}

/** A start whose message the service rejects. */
function withMessage(message: (stage: Stage, start: Started) => Promise<Message>): Omit<Provocation, 'pointers'> {
  return {
    provoke: async (stage, { send }) => {
      const start = await started(stage, send);
      return start.again(await message(stage, start));
    },
    changes: createdForIt,
  };
}

const withFile = (attachmentId: string) => ({ type: 'file', attachments: [attachmentId], clientMessageId: ulid() });

/** The problems of a start of a support conversation. Most come from its first message. */
export const startProblems = {
  'team-not-found': {
    provoke: (_, { send }) => send({ body: { kind: 'support', teamId: ulid() } }),
    pointers: ['/body/teamId'],
  },
  'message-too-long': {
    ...withMessage(async () => newMessage('x'.repeat(textLength + 1))),
    pointers: ['/body/message/text'],
  },
  'reference-not-found': {
    ...withMessage(async () => ({ ...newMessage(), replyTo: 999_999 })),
    pointers: ['/body/message/replyTo'],
  },
  'attachment-not-found': withMessage(async () => withFile(ulid())),
  'attachment-not-uploaded': withMessage(async ({ test, alice }, { conversation }) => {
    const { body } = await announce(test, alice, conversation, falsePicture);
    return withFile(body.id as string);
  }),
  'attachment-already-sent': withMessage(async ({ test, alice }, { conversation, again }) => {
    const attachmentId = await readyAttachment(test, alice, conversation);
    await again(withFile(attachmentId));
    return withFile(attachmentId);
  }),
  'conversation-closed': withMessage(async (stage, { conversation }) => {
    await succeed(stage.test, stage.agent, 'POST', `/conversations/${conversation}/close`);
    return newMessage();
  }),
  throttled: {
    provoke: async (stage, { send }) => {
      const { again } = await started(stage, send);
      for (let count = 0; count <= messagesPerMinute; count += 1) {
        const answer = await again(newMessage());
        if (answer.status === 429) return answer;
      }
      throw new Error(`The tenant accepts more than ${messagesPerMinute} messages`);
    },
    changes: 'messages are sent until the limit',
  },
  'newer-reply': {
    provoke: async (stage, { send }) => {
      const { colleague, alice } = stage;
      const body = { kind: 'support', customerId: alice.userId, clientConversationId: ulid() };
      const { id } = await succeed(stage.test, colleague, 'POST', '/conversations', body);
      await reply(stage, id as string);
      return send({ by: colleague, body: { ...body, message: { ...newMessage(), seenSeq: 1 } } });
    },
    changes: createdForIt,
  },
  'conversation-busy': {
    provoke: async (stage, { send, functionName }) => {
      const { conversation, again } = await started(stage, send);
      return contendedSlots({ ...stage, conversation }, functionName, () => again(newMessage()));
    },
    changes: 'another writer takes the slots',
  },
} as const satisfies Readonly<Record<string, Provocation>>;
