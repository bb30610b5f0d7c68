import type { Message, Reaction } from '../../contract/schemas/message.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type EditContent, type EntryContent, type MessageContent, openContent } from '../log/log-content.ts';
import type { LogEntry, Reactions } from '../log/log-entry.ts';

/** A message or a system message as clients see it, with everything that became of it. */
export function messageOf(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  entry: LogEntry,
  status: Message['status'] = 'sent',
): Message {
  const { edit, deletion, reactions, updatedSeq } = entry.changes;
  const facts = {
    conversationId,
    seq: entry.seq,
    senderId: entry.senderId,
    clientMessageId: entry.clientMessageId,
    status,
    createdAt: toTimestamp(entry.createdAt),
    updatedSeq,
  };
  const original = openContent(keys, scope, conversationId, entry);
  if (original.type === 'system') return { ...facts, type: 'system', system: original.system };
  if (!isMessage(original)) throw new Error(`An entry of the kind ${entry.kind} is no message`);
  if (deletion !== undefined) return { ...facts, type: original.type, deletedAt: toTimestamp(deletion.at) };
  return {
    ...facts,
    ...edited(keys, scope, conversationId, original, entry),
    ...(Object.keys(reactions).length === 0 ? {} : { reactions: reactionsOf(reactions) }),
    ...(edit === undefined ? {} : { editedAt: toTimestamp(edit.at) }),
  };
}

/** What a message says now; nothing for a system message or a deleted one. */
export function contentOf(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  entry: LogEntry,
): MessageContent | undefined {
  if (entry.kind !== 'message' || entry.changes.deletion !== undefined) return undefined;
  const original = openContent(keys, scope, conversationId, entry);
  return isMessage(original) ? edited(keys, scope, conversationId, original, entry) : undefined;
}

function edited(
  keys: TenantKeys,
  scope: TenantScope,
  conversationId: string,
  original: MessageContent,
  { senderId, changes: { edit } }: LogEntry,
): MessageContent {
  if (edit === undefined) return original;
  // Only the sender of a message can edit it.
  const version = { seq: edit.seq, senderId, createdAt: edit.at, content: edit.content };
  const { type: _, ...replaced } = openContent(keys, scope, conversationId, version) as EditContent;
  return { ...original, ...replaced };
}

function isMessage(content: EntryContent): content is MessageContent {
  return !['system', 'edit', 'reaction', 'deletion'].includes(content.type);
}

export function reactionsOf(reactions: Reactions): Reaction[] {
  return Object.entries(reactions)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([emoji, userIds]) => ({ emoji, userIds: [...userIds] }));
}
