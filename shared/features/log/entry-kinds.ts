import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { Message, MessageLocation, MessageType, SystemMessage } from '../../contract/schemas/message.ts';
import { type ContentOf, defineEntryKind } from './define-entry-kind.ts';
import type { EntryKind } from './log-entry.ts';
import { reactionsOf, withReaction } from './reaction-rules.ts';

export interface MessageContent {
  readonly type: Exclude<MessageType, 'system'>;
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
  readonly attachments?: AttachmentView[] | undefined;
  readonly metadata?: Message['metadata'];
  readonly urgent?: boolean | undefined;
  readonly replyTo?: number | undefined;
  readonly mentions?: string[] | undefined;
}

export const messageKind = defineEntryKind<MessageContent>({
  name: 'message',
  letter: 'm',
  audience: 'everyone',
  isShown: true,
  isMessage: true,
  countsAsUnread: true,
  serverEvent: { type: 'message.created' },
  busEvent: 'message.created',
});

export interface SystemContent {
  readonly type: 'system';
  readonly system: SystemMessage;
}

export const systemKind = defineEntryKind<SystemContent>({
  name: 'system',
  letter: 'n',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'conversation.updated',
});

export interface EditContent {
  readonly type: 'edit';
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
}

/** The maximum that a message's item lists. */
export const rememberedEdits = 100;

export const editKind = defineEntryKind<EditContent>({
  name: 'edit',
  letter: 'e',
  audience: 'everyone',
  changesMessage: ({ changes }, { seq, createdAt, content }) => ({
    edit: { seq, at: createdAt, content },
    edits: [...(changes.edits ?? []), seq].slice(-rememberedEdits),
  }),
  serverEvent: { type: 'message.updated' },
  busEvent: 'message.updated',
});

export interface DeletionContent {
  readonly type: 'deletion';
}

export const deletionKind = defineEntryKind<DeletionContent>({
  name: 'deletion',
  letter: 'd',
  audience: 'everyone',
  changesMessage: (_message, { seq, createdAt, senderId }) => ({
    deletion: { seq, at: createdAt, by: senderId },
    reactions: {},
  }),
  serverEvent: { type: 'message.deleted' },
  busEvent: 'message.deleted',
});

export interface ReactionContent {
  readonly type: 'reaction';
  readonly emoji: string;
  readonly added: boolean;
}

export const reactionKind = defineEntryKind<ReactionContent>({
  name: 'reaction',
  letter: 'r',
  audience: 'everyone',
  changesMessage: ({ changes }, { senderId }, { emoji, added }) => ({
    reactions: withReaction(changes.reactions, senderId, emoji, added),
  }),
  serverEvent: {
    type: 'reaction.updated',
    data: ({ conversationId, entry, subject: { seq, changes }, content }) => {
      const { type: _, ...reaction } = content();
      return {
        conversationId,
        messageSeq: seq,
        updatedSeq: changes.updatedSeq,
        reactions: reactionsOf(changes.reactions),
        userId: entry.senderId,
        ...reaction,
      };
    },
  },
  busEvent: 'reaction.updated',
});

export const entryKinds = [messageKind, systemKind, editKind, deletionKind, reactionKind] as const;

export type EntryContent = ContentOf<(typeof entryKinds)[number]>;

/** Written by newer code, during a deployment or before a rollback. Only its position is used. */
export const unknownKind = defineEntryKind<unknown>({
  name: 'unknown',
  letter: '?',
  audience: 'everyone',
});

const byLetter: ReadonlyMap<string, EntryKind> = new Map(entryKinds.map((kind) => [kind.letter, kind]));

export function kindOfLetter(letter: string): EntryKind {
  return byLetter.get(letter) ?? unknownKind;
}
