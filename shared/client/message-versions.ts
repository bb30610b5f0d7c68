import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';

/**
 * The newest known content and reactions of one message. They arrive separately, each with the seq of the entry that
 * changed them. The higher seq wins, so the order of arrival does not matter.
 */
export interface MessageVersions {
  readonly seq: number;
  /** The newest content with the newest reactions. Absent while only reactions are known. */
  readonly message?: Message;
  /** The seq of the entry that last changed the content. 0 if the content is unknown. */
  readonly contentSeq: number;
  readonly reactionsSeq: number;
  readonly reactions: Message['reactions'];
}

const ranks = { sent: 0, delivered: 1, read: 2 } as const;

export function unknownMessage(seq: number): MessageVersions {
  return { seq, contentSeq: 0, reactionsSeq: 0, reactions: undefined };
}

/** Adds a message that the server sent. Returns the same value if nothing changed. */
export function withMessage(versions: MessageVersions, message: Message): MessageVersions {
  // Servers without edits send no `updatedSeq`.
  const updatedSeq = message.updatedSeq ?? message.seq;
  const isNewer = updatedSeq > versions.contentSeq;
  const status = furtherStatus(versions.message?.status, message.status);
  if (!isNewer && status === versions.message?.status) return versions;
  const content = isNewer ? message : (versions.message ?? message);
  const hasNewerReactions = updatedSeq > versions.reactionsSeq;
  return combined({
    seq: versions.seq,
    message: { ...content, status },
    contentSeq: Math.max(updatedSeq, versions.contentSeq),
    reactionsSeq: Math.max(updatedSeq, versions.reactionsSeq),
    reactions: hasNewerReactions ? message.reactions : versions.reactions,
  });
}

/** Replaces the reactions of the message. Returns the same value if nothing changed. */
export function withReactions(versions: MessageVersions, { updatedSeq, reactions }: MessageReactions): MessageVersions {
  if (updatedSeq <= versions.reactionsSeq) return versions;
  return combined({ ...versions, reactionsSeq: updatedSeq, reactions });
}

function combined(versions: MessageVersions): MessageVersions {
  if (versions.message === undefined) return versions;
  const { reactions: _, ...content } = versions.message;
  const reactions = versions.reactions?.length === 0 ? undefined : versions.reactions;
  const updatedSeq = Math.max(versions.contentSeq, versions.reactionsSeq);
  return { ...versions, message: { ...content, ...(reactions && { reactions }), updatedSeq } };
}

export function furtherStatus(current: Message['status'] | undefined, next: Message['status']): Message['status'] {
  return current !== undefined && ranks[current] > ranks[next] ? current : next;
}
