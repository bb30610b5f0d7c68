import * as z from 'zod/mini';
import { attachment, attachmentId } from './attachment.ts';
import { clientMessageId, conversationId, seq, timestamp, userId } from './ids.ts';
import { instantDescription, sentInstant } from './instant.ts';
import { supportState } from './support.ts';
import { system } from './system-message.ts';
import { templateField, templateId, templateLanguage } from './template.ts';
import { jsonObject, oneLine, text, visible } from './text.ts';

/** Unicode code points; the highest limit of any tenant. */
export const longestText = 10_000;
/** Bytes as JSON. */
export const longestMetadata = 4096;
export const longestLiveLocationMs = 8 * 60 * 60 * 1000;

export const messageText = text(
  z.minLength(1),
  z.maxLength(longestText * 2),
  visible,
  z.meta({
    description:
      'Stored exactly as sent. It must contain at least one visible character. The tenant limits its length in Unicode code points: 2000 by default, and never more than 10,000. Guests may send 1000. Send a text that exceeds the 32 KiB of a frame over HTTP.',
    examples: ['Shall we meet at nine?'],
  }),
);

export const messageLocation = z
  .strictObject({
    latitude: z
      .number()
      .check(z.minimum(-90), z.maximum(90), z.meta({ description: 'In degrees (WGS 84)', examples: [48.8584] })),
    longitude: z
      .number()
      .check(z.minimum(-180), z.maximum(180), z.meta({ description: 'In degrees (WGS 84)', examples: [2.2945] })),
    accuracy: z.optional(
      z
        .number()
        .check(
          z.minimum(0),
          z.maximum(100_000),
          z.meta({ description: 'Radius of uncertainty, in metres', examples: [12] }),
        ),
    ),
    name: z.optional(
      text(
        z.minLength(1),
        z.maxLength(200),
        oneLine,
        visible,
        z.meta({ description: 'Name of the place', examples: ['Eiffel Tower'] }),
      ),
    ),
    liveUntil: z.optional(
      sentInstant.check(
        z.meta({
          description: `End of a live location, at most 8 hours ahead. Until then, the sender can move the location by editing the message. ${instantDescription}.`,
          examples: ['2026-11-21T09:30:00.000Z'],
        }),
      ),
    ),
  })
  .register(z.globalRegistry, {
    id: 'Location',
    description: 'A location. A live location may move until `liveUntil`.',
  });
export type MessageLocation = z.infer<typeof messageLocation>;

const metadata = jsonObject(longestMetadata).check(
  z.meta({
    description: `Application data to store with the message: a JSON object of at most ${longestMetadata} bytes`,
    examples: [{ ticket: 'INC-42' }],
  }),
);

const mentions = z.array(userId).check(
  z.maxLength(50),
  z.refine((ids) => new Set(ids).size === ids.length, 'must not contain an id twice'),
  z.meta({ description: 'Ids of the participants whom the message mentions, at most 50' }),
);

/** The highest limit of any tenant. */
export const mostAttachments = 20;

const fileTypes = ['image', 'voice', 'file'] as const;
export const sentTypes = ['text', 'location', ...fileTypes] as const;

export const newMessageFields = {
  type: z.enum(sentTypes).check(z.meta({ examples: ['text'] })),
  text: z.optional(messageText),
  location: z.optional(messageLocation),
  attachments: z.optional(
    z.array(attachmentId).check(
      z.minLength(1),
      z.maxLength(mostAttachments),
      z.refine((ids) => new Set(ids).size === ids.length, 'must not contain an id twice'),
      z.meta({
        description: `Ids of your attachments in this conversation that are complete and unsent, at most ${mostAttachments}`,
      }),
    ),
  ),
  metadata: z.optional(metadata),
  urgent: z.optional(
    z.boolean().check(z.meta({ description: 'Whether the message is urgent for all participants', examples: [false] })),
  ),
  replyTo: z.optional(
    seq.check(z.meta({ description: 'Number of the message that this message replies to', examples: [41] })),
  ),
  mentions: z.optional(mentions),
  seenSeq: z.optional(
    seq.check(
      z.meta({
        description:
          'Support conversations, for agents: the newest entry that you had seen. If a colleague has replied since, the service answers `newer-reply` and stores nothing.',
        examples: [41],
      }),
    ),
  ),
  clientMessageId,
};

interface NewMessageFields {
  readonly type: string;
  readonly text?: string | undefined;
  readonly location?: unknown;
  readonly attachments?: unknown;
}

export function checkNewMessage({ value, issues }: z.core.ParsePayload<NewMessageFields>): void {
  const report = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  if (value.type === 'text' && value.text === undefined) report('text', 'is required for the type text');
  if (value.type === 'location' && value.location === undefined)
    report('location', 'is required for the type location');
  if (value.type !== 'location' && value.location !== undefined)
    report('location', 'is only allowed for the type location');
  const isFile = (fileTypes as readonly string[]).includes(value.type);
  if (isFile && value.attachments === undefined) report('attachments', `is required for the type ${value.type}`);
  if (!isFile && value.attachments !== undefined)
    report('attachments', 'is only allowed for the types image, voice and file');
}

export const newMessageExample = {
  type: 'text',
  text: 'Shall we meet at nine?',
  clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY',
} as const;

export const newMessage = z
  .strictObject(newMessageFields)
  .check(checkNewMessage)
  .register(z.globalRegistry, {
    id: 'NewMessage',
    examples: [newMessageExample],
    description:
      'A message to send. The type `text` requires `text`, `location` requires `location`, and `image`, `voice` and `file` require `attachments`. For all types except `text`, the text is an optional caption.',
  });
export type NewMessage = z.infer<typeof newMessage>;

export const reaction = z
  .object({
    emoji: z.string().check(z.meta({ examples: ['👍'] })),
    userIds: z
      .array(userId)
      .check(z.meta({ description: 'Users who chose this emoji, in the order in which they did' })),
  })
  .register(z.globalRegistry, { id: 'Reaction', description: 'An emoji, and the users who chose it' });
export type Reaction = z.infer<typeof reaction>;

/** Answers by the ids of the fields. */
export type FormAnswers = Readonly<Record<string, string | number>>;

export const sentForm = z
  .object({
    templateId,
    name: z.string().check(z.meta({ examples: ['Log upload request'] })),
    language: templateLanguage,
    fields: z.array(templateField),
  })
  .register(z.globalRegistry, {
    id: 'SentForm',
    description: 'A form to answer, as the template was when the form was sent',
  });
export type SentForm = z.infer<typeof sentForm>;

export const messageType = z.enum([...sentTypes, 'note', 'form', 'form-response', 'system']);
export type MessageType = z.infer<typeof messageType>;

export const message = z
  .object({
    conversationId,
    seq,
    senderId: userId.check(z.describe('Id of the sender, a ULID')),
    type: messageType,
    text: z.optional(z.string().check(z.meta({ examples: ['Shall we meet at nine?'] }))),
    location: z.optional(messageLocation),
    attachments: z.optional(z.array(attachment)),
    system: z.optional(system),
    form: z.optional(sentForm.check(z.describe('Of the type `form`, whose `text` introduces it'))),
    answers: z.optional(
      z.record(z.string(), z.union([z.string(), z.number()])).check(
        z.meta({
          description:
            'Of the type `form-response`: answers by the ids of the fields. `replyTo` is the number of the form. The answer to a file is the id of one of the `attachments`.',
          examples: [{ severity: 'High' }],
        }),
      ),
    ),
    metadata: z.optional(z.record(z.string(), z.unknown())),
    urgent: z.optional(z.boolean()),
    replyTo: z.optional(seq.check(z.describe('Number of the message that this message replies to'))),
    mentions: z.optional(z.array(userId)),
    reactions: z.optional(z.array(reaction)),
    clientMessageId: z.string().check(
      z.meta({
        description: 'Id that the sender’s client generated',
        examples: ['01KAJ74S6EG9J1K4N7Q0S3V6XY'],
      }),
    ),
    status: z.enum(['sent', 'delivered', 'read']).check(
      z.meta({
        description:
          'How far the message has reached all participants, except its sender and those who joined later. It is always `sent` in conversations of more than 50 people, in events, and in responses to sends and changes.',
        examples: ['sent'],
      }),
    ),
    createdAt: timestamp,
    editedAt: z.optional(timestamp.check(z.describe('Time of the last edit'))),
    deletedAt: z.optional(
      timestamp.check(z.meta({ description: 'Time of the deletion. A deleted message has no content.' })),
    ),
    support: z.optional(
      supportState.check(z.describe('State of the support conversation after the message, if the message changed it')),
    ),
    updatedSeq: seq.check(
      z.meta({
        description:
          'Number of the entry that last changed the message. Of two versions, the one with the higher number is newer.',
        examples: [42],
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'Message', description: 'A message, addressed by its conversation and its `seq`' });
export type Message = z.infer<typeof message>;

export const covers = z
  .object({ after: z.int(), through: z.int() })
  .check(
    z.describe(
      'Range of the log that the page covers: the entries after the number `after`, up to and including `through`. A number in the range that the page does not list is an edit, a deletion or a reaction, or an entry that has expired or is hidden from you.',
    ),
  );

export const messageVersion = z
  .object({
    seq: seq.check(z.meta({ description: 'Number of the entry that created this version', examples: [42] })),
    text: z.optional(z.string()),
    location: z.optional(messageLocation),
    at: timestamp,
  })
  .register(z.globalRegistry, {
    id: 'MessageVersion',
    description: 'A version of a message, with the time from which it was valid',
  });
