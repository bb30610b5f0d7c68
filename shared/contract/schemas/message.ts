import * as z from 'zod/mini';
import { attachment, attachmentId } from './attachment.ts';
import { clientMessageId, conversationId, seq, timestamp, userId } from './ids.ts';
import { instantDescription, sentInstant } from './instant.ts';
import { jsonObject, oneLine, text, visible } from './text.ts';

/** The most that any tenant may allow, in Unicode code points. The tenant's own limit is checked when sending. */
export const longestText = 10_000;
/** Bytes of `metadata` as JSON. */
export const longestMetadata = 4096;
/** How long a live location can be followed. */
export const longestLiveLocationMs = 8 * 60 * 60 * 1000;

/** Text of a message. Kept as written: no trimming, no normalisation; it only must show something. */
export const messageText = text(
  z.minLength(1),
  z.maxLength(longestText * 2),
  visible,
  z.meta({
    description:
      'Stored exactly as sent. It must contain something visible. The tenant’s limit is counted in Unicode code points: 2000 by default, at most 10,000; guests may send 1000. A long text may exceed the 32 KiB of a frame: send it over HTTP.',
    examples: ['Shall we meet at nine?'],
  }),
);

/** WGS 84, as devices tell it. */
export const messageLocation = z
  .strictObject({
    latitude: z.number().check(z.minimum(-90), z.maximum(90), z.meta({ examples: [48.8584] })),
    longitude: z.number().check(z.minimum(-180), z.maximum(180), z.meta({ examples: [2.2945] })),
    accuracy: z.optional(
      z.number().check(z.minimum(0), z.maximum(100_000), z.meta({ description: 'In metres', examples: [12] })),
    ),
    name: z.optional(
      text(
        z.minLength(1),
        z.maxLength(200),
        oneLine,
        visible,
        z.meta({ description: 'The place’s name', examples: ['Eiffel Tower'] }),
      ),
    ),
    liveUntil: z.optional(
      sentInstant.check(
        z.meta({
          description: `Until then, the sender moves the place by editing the message; at most 8 hours ahead. ${instantDescription}.`,
          examples: ['2026-11-21T09:30:00.000Z'],
        }),
      ),
    ),
  })
  .register(z.globalRegistry, { id: 'Location', description: 'A place, which may move until `liveUntil`' });
export type MessageLocation = z.infer<typeof messageLocation>;

const metadata = jsonObject(longestMetadata).check(
  z.meta({
    description: `Anything the application wants to keep with the message: at most ${longestMetadata} bytes as JSON`,
    examples: [{ ticket: 'INC-42' }],
  }),
);

const mentions = z.array(userId).check(
  z.maxLength(50),
  z.refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice'),
  z.meta({ description: 'Participants whose attention the message asks for' }),
);

/** No tenant lets a message carry more files; its own limit is checked when sending. */
export const mostAttachments = 20;

const fileTypes = ['image', 'voice', 'file'] as const;
export const sentTypes = ['text', 'location', ...fileTypes] as const;

/** Members of a message as it is sent, over HTTP and WebSocket. */
export const newMessageFields = {
  type: z.enum(sentTypes).check(z.meta({ examples: ['text'] })),
  text: z.optional(messageText),
  location: z.optional(messageLocation),
  attachments: z.optional(
    z.array(attachmentId).check(
      z.minLength(1),
      z.maxLength(mostAttachments),
      z.refine((ids) => new Set(ids).size === ids.length, 'must not name any twice'),
      z.meta({ description: 'Own attachments of the conversation that are complete and were not sent yet' }),
    ),
  ),
  metadata: z.optional(metadata),
  urgent: z.optional(
    z.boolean().check(z.meta({ description: 'Everybody has to hear of it at once', examples: [false] })),
  ),
  replyTo: z.optional(
    seq.check(z.meta({ description: 'Number of the message that this one answers', examples: [41] })),
  ),
  mentions: z.optional(mentions),
  clientMessageId,
};

interface NewMessageFields {
  readonly type: string;
  readonly text?: string | undefined;
  readonly location?: unknown;
  readonly attachments?: unknown;
}

/** What each type of message needs, and what it cannot have. */
export function checkNewMessage({ value, issues }: z.core.ParsePayload<NewMessageFields>): void {
  const say = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  if (value.type === 'text' && value.text === undefined) say('text', 'is required for the type text');
  if (value.type === 'location' && value.location === undefined) say('location', 'is required for the type location');
  if (value.type !== 'location' && value.location !== undefined) say('location', 'needs the type location');
  const isFile = (fileTypes as readonly string[]).includes(value.type);
  if (isFile && value.attachments === undefined) say('attachments', `is required for the type ${value.type}`);
  if (!isFile && value.attachments !== undefined) say('attachments', 'needs the type image, voice or file');
}

/** What people mostly send, for the documents. */
export const newMessageExample = {
  type: 'text',
  text: 'Shall we meet at nine?',
  clientMessageId: '01KAJ74S6EG9J1K4N7Q0S3V6XY',
} as const;

/** A message as it is sent. */
export const newMessage = z
  .strictObject(newMessageFields)
  .check(checkNewMessage)
  .register(z.globalRegistry, {
    id: 'NewMessage',
    examples: [newMessageExample],
    description:
      'A message as it is sent. `text` needs a text, `location` a location, `image`, `voice` and `file` attachments; to other types than `text` the text is a caption.',
  });
export type NewMessage = z.infer<typeof newMessage>;

/** What happened to a conversation, as its timeline tells it. `senderId` of the message is who did it. */
export const system = z
  .object({
    kind: z.enum(['created', 'joined', 'left', 'removed', 'role-changed', 'changed']),
    userIds: z.optional(
      z.array(userId).check(
        z.meta({
          description:
            'Who came, left, was removed, or has another role. Of a new group at most 100 of them, besides its creator',
        }),
      ),
    ),
    role: z.optional(z.enum(['member', 'admin'])),
    name: z.optional(z.string().check(z.meta({ description: 'The new name', examples: ['Harbour team'] }))),
    history: z.optional(z.enum(['full', 'since-joining'])),
    successorId: z.optional(
      userId.check(z.meta({ description: 'Who became an admin because the last one left or cannot act' })),
    ),
  })
  .register(z.globalRegistry, { id: 'SystemMessage', description: 'What happened to a conversation' });
export type SystemMessage = z.infer<typeof system>;

export const reaction = z
  .object({
    emoji: z.string().check(z.meta({ examples: ['👍'] })),
    userIds: z.array(userId).check(z.meta({ description: 'Who reacted so, in the order of their coming' })),
  })
  .register(z.globalRegistry, { id: 'Reaction', description: 'An emoji, and who chose it' });
export type Reaction = z.infer<typeof reaction>;

export const messageType = z.enum([...sentTypes, 'system']);
export type MessageType = z.infer<typeof messageType>;

export const message = z
  .object({
    conversationId,
    seq,
    senderId: userId,
    type: messageType,
    text: z.optional(z.string().check(z.meta({ examples: ['Shall we meet at nine?'] }))),
    location: z.optional(messageLocation),
    attachments: z.optional(z.array(attachment)),
    system: z.optional(system),
    metadata: z.optional(z.record(z.string(), z.unknown())),
    urgent: z.optional(z.boolean()),
    replyTo: z.optional(seq),
    mentions: z.optional(z.array(userId)),
    reactions: z.optional(z.array(reaction)),
    clientMessageId: z.string().check(
      z.meta({
        description: 'The id that the sender’s client chose',
        examples: ['01KAJ74S6EG9J1K4N7Q0S3V6XY'],
      }),
    ),
    status: z.enum(['sent', 'delivered', 'read']).check(
      z.meta({
        description:
          'How far it has come with all participants but its sender who were there when it was written; `sent` in conversations of more than 50 people. Events and answers to sending and changing always say `sent`.',
        examples: ['sent'],
      }),
    ),
    createdAt: timestamp,
    editedAt: z.optional(timestamp),
    deletedAt: z.optional(timestamp.check(z.meta({ description: 'Set on what is left of a deleted message' }))),
    updatedSeq: seq.check(
      z.meta({
        description: 'Number of the entry that changed it last: of two versions the one with the higher is newer',
        examples: [42],
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'Message', description: 'A message, addressed by its conversation and its `seq`' });
export type Message = z.infer<typeof message>;

/** Which range of the log a list of messages tells. */
export const covers = z
  .object({ after: z.int(), through: z.int() })
  .check(
    z.describe(
      'The page tells all of the log after the number `after` up to and with `through`: numbers between that it does not list are edits, deletions and reactions, which are in the messages already',
    ),
  );

/** A message's earlier version. */
export const messageVersion = z
  .object({
    seq: seq.check(z.meta({ description: 'Number of the entry that brought this version', examples: [42] })),
    text: z.optional(z.string()),
    location: z.optional(messageLocation),
    at: timestamp,
  })
  .register(z.globalRegistry, { id: 'MessageVersion', description: 'What a message said, from a moment on' });
