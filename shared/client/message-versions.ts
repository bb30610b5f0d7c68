import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';

/** Content and reactions arrive separately, each with the seq of its last change. The higher seq wins. */
export interface MessageVersions {
  readonly seq: number;
  readonly message?: Message;
  /** The content's last change. 0 if unknown. */
  readonly contentSeq: number;
  readonly reactionsSeq: number;
  readonly reactions: Message['reactions'];
}

const ranks = { sent: 0, delivered: 1, read: 2 } as const;

export function unknownMessage(seq: number): MessageVersions {
  return { seq, contentSeq: 0, reactionsSeq: 0, reactions: undefined };
}

/** Returns the same value if nothing changed. */
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

/** Returns the same value if nothing changed. */
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
