import type { Message } from '../../contract/schemas/message.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type {
  EditContent,
  FormResponseContent,
  MessageContent,
  NoteContent,
  SystemContent,
} from '../log/entry-kinds.ts';
import { type LogOwner, openContent } from '../log/log-content.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { reactionsOf } from '../log/reaction-rules.ts';
import type { Visibility } from '../log/access.ts';
import { supportFor } from '../log/support-view-rules.ts';

type ShownContent = MessageContent | SystemContent | NoteContent | FormResponseContent;

/**
 * Includes every change.
 * @throws Error if timelines do not show entries of this kind.
 */
export function messageOf(
  owner: LogOwner,
  entry: LogEntry,
  status: Message['status'] = 'sent',
  { audiences }: Pick<Visibility, 'audiences'> = { audiences: ['everyone'] },
): Message {
  const { edit, deletion, reactions, updatedSeq } = entry.changes;
  const common = {
    conversationId: owner.conversationId,
    seq: entry.seq,
    senderId: entry.senderId,
    clientMessageId: entry.clientMessageId,
    status,
    createdAt: toTimestamp(entry.createdAt),
    updatedSeq,
    ...(entry.support === undefined ? {} : { support: supportFor(entry.support, audiences) }),
  };
  if (!entry.kind.isShown) throw new Error(`Not shown: ${entry.kind.name}`);
  if (owner.isErased === true) return { ...withoutTags(common), ...erased(entry) };
  const { decision: _, ...original } = openContent(owner, entry) as ShownContent & Pick<SystemContent, 'decision'>;
  if (deletion !== undefined) return { ...common, type: original.type, deletedAt: toTimestamp(deletion.at) };
  return {
    ...common,
    ...withEdit(owner, original, entry),
    ...(Object.keys(reactions).length === 0 ? {} : { reactions: reactionsOf(reactions) }),
    ...(edit === undefined ? {} : { editedAt: toTimestamp(edit.at) }),
  };
}

/** Includes the last edit. Undefined for a deleted message or another entry. */
export function contentOf(owner: LogOwner, entry: LogEntry): MessageContent | undefined {
  if (!entry.kind.isMessage || entry.changes.deletion !== undefined || owner.isErased === true) return undefined;
  return withEdit(owner, openContent(owner, entry) as MessageContent, entry);
}

/** All that remains of an entry after its customer wiped the conversation. */
function erased({ kind, createdAt, support }: LogEntry): Pick<Message, 'type' | 'system' | 'deletedAt'> {
  if (kind.isMessage) {
    // Clients conclude from a text that its sender has read everything before it, but not from a note.
    return { type: kind.audience === 'agents' ? 'note' : 'text', deletedAt: toTimestamp(createdAt) };
  }
  return { type: 'system', system: { kind: support?.wiped === true ? 'wiped' : 'changed' } };
}

/** Tags may say something about the customer. */
function withoutTags<Common extends Pick<Message, 'support'>>({ support, ...common }: Common) {
  if (support === undefined) return common;
  const { tags: _, ...shown } = support;
  return { ...common, support: shown };
}

function withEdit<Content extends ShownContent>(
  owner: LogOwner,
  original: Content,
  { senderId, changes: { edit } }: LogEntry,
): Content {
  if (edit === undefined) return original;
  // Only the sender can edit.
  const version = { seq: edit.seq, senderId, createdAt: edit.at, content: edit.content };
  const { type: _, ...replaced } = openContent(owner, version) as EditContent;
  return { ...original, ...replaced };
}
