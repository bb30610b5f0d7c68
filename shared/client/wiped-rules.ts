import type { Message } from '../contract/schemas/message.ts';
import type { MessageVersions } from './message-versions.ts';
import type { Timeline } from './timeline.ts';

/** All that the server returns of a message after the customer wiped the conversation. */
export function withoutContent(message: Message): Message {
  const { conversationId, seq, senderId, clientMessageId, status, createdAt, updatedSeq, support, type } = message;
  const common = { conversationId, seq, senderId, clientMessageId, status, createdAt, updatedSeq };
  const shown = { ...common, ...(support === undefined ? {} : { support: withoutTags(support) }) };
  if (type !== 'system') return { ...shown, type: type === 'note' ? type : 'text', deletedAt: createdAt };
  return { ...shown, type, system: { kind: support?.wiped === true ? 'wiped' : 'changed' } };
}

function withoutTags({ tags: _, ...support }: NonNullable<Message['support']>): NonNullable<Message['support']> {
  return support;
}

/** Removes the contents from the memory of the program. */
export function wipedTimeline(timeline: Timeline): Timeline {
  const messages = timeline.messages.map(({ reactions: _, ...versions }): MessageVersions => ({
    ...versions,
    reactions: undefined,
    ...(versions.message === undefined ? {} : { message: withoutContent(versions.message) }),
  }));
  return { ...timeline, messages };
}
