import type { AttachmentView } from '../../contract/schemas/attachment.ts';
import type { FormAnswers, Message, MessageLocation, MessageType, SentForm } from '../../contract/schemas/message.ts';
import type { SystemMessage } from '../../contract/schemas/system-message.ts';
import type { AssignmentDecision } from './assignment-decision.ts';
import { type ContentOf, defineEntryKind } from './define-entry-kind.ts';
import type { EntryKind } from './log-entry.ts';
import { reactionsOf, withReaction } from './reaction-rules.ts';

export interface MessageContent {
  readonly type: Exclude<MessageType, 'system' | 'note' | 'form-response'>;
  readonly text?: string | undefined;
  readonly location?: MessageLocation | undefined;
  readonly attachments?: AttachmentView[] | undefined;
  readonly metadata?: Message['metadata'];
  readonly urgent?: boolean | undefined;
  readonly replyTo?: number | undefined;
  readonly mentions?: string[] | undefined;
  /** The text introduces it. */
  readonly form?: SentForm | undefined;
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
  /** Only of assignments. Messages do not show it. */
  readonly decision?: AssignmentDecision | undefined;
}

export const systemKind = defineEntryKind<SystemContent>({
  name: 'system',
  letter: 'n',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'conversation.updated',
});

export interface NoteContent {
  readonly type: 'note';
  readonly text: string;
  readonly mentions?: string[] | undefined;
}

/** A private message among agents. */
export const noteKind = defineEntryKind<NoteContent>({
  name: 'note',
  letter: 'o',
  audience: 'agents',
  isShown: true,
  isMessage: true,
  serverEvent: { type: 'message.created' },
  busEvent: 'note.created',
});

export interface FormResponseContent {
  readonly type: 'form-response';
  /** Number of the form. */
  readonly replyTo: number;
  readonly answers: FormAnswers;
  readonly attachments?: AttachmentView[] | undefined;
}

export const formResponseKind = defineEntryKind<FormResponseContent>({
  name: 'form-response',
  letter: 'f',
  audience: 'everyone',
  isShown: true,
  isMessage: true,
  countsAsUnread: true,
  serverEvent: { type: 'message.created' },
  busEvent: 'message.created',
});

/** A change of status, such as opened or resolved. */
export const statusKind = defineEntryKind<SystemContent>({
  name: 'status',
  letter: 's',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'conversation.status-changed',
});

export const assignmentKind = defineEntryKind<SystemContent>({
  name: 'assignment',
  letter: 'a',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.assigned' },
  busEvent: 'conversation.assigned',
});

/** A change of priority, tags or another member that customers need not know. */
export const propertiesKind = defineEntryKind<SystemContent>({
  name: 'properties',
  letter: 'p',
  audience: 'agents',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'conversation.updated',
});

/** A step of the escalation. */
export const escalationKind = defineEntryKind<SystemContent>({
  name: 'escalation',
  letter: 'u',
  audience: 'agents',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'urgent.raised',
});

export const acknowledgementKind = defineEntryKind<SystemContent>({
  name: 'acknowledgement',
  letter: 'k',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'urgent.acknowledged' },
  busEvent: 'urgent.acknowledged',
});

/** A warning or a breach of a service-level clock. */
export const slaKind = defineEntryKind<SystemContent>({
  name: 'sla',
  letter: 'l',
  audience: 'agents',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'sla.changed',
});

/** The ticket of the conversation in another system was linked or changed. */
export const ticketKind = defineEntryKind<SystemContent>({
  name: 'ticket',
  letter: 't',
  audience: 'agents',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'ticket.updated',
});

/** A public comment of the ticket. */
export const ticketCommentKind = defineEntryKind<SystemContent>({
  name: 'ticket-comment',
  letter: 'c',
  audience: 'everyone',
  isShown: true,
  serverEvent: { type: 'conversation.updated' },
  busEvent: 'ticket.updated',
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

export const entryKinds = [
  messageKind,
  systemKind,
  editKind,
  deletionKind,
  reactionKind,
  noteKind,
  statusKind,
  assignmentKind,
  propertiesKind,
  escalationKind,
  acknowledgementKind,
  slaKind,
  formResponseKind,
  ticketKind,
  ticketCommentKind,
] as const;

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
